"""A week's briefing for the CEO of the sample company, as rich as one gets."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from agents.executive_briefing.document import (
    BRIEFING,
    Band,
    Bar,
    Briefing,
    Chart,
    Coverage,
    Kpi,
    Line,
    Point,
    Reference,
    Risk,
    Section,
    Sense,
    Shape,
)
from core.identity import Label
from models.evidence import Change, Citation, Direction, Figure

RENEWAL = "castellan-renewal"
NEGOTIATION = "marrowfield-negotiation"
VERSION = "5f" * 32
WEEK = "2026-03-09 to 2026-03-15"
BEFORE = "2026-03-02 to 2026-03-08"


def figure(
    metric: str,
    value: float,
    text: str,
    unit: str = "USD",
    *,
    subject: str = "",
    period: str | None = WEEK,
    title: str | None = None,
    change: Change | None = None,
) -> Figure:
    """A figure of the warehouse as of 2026-03-16, asked for that subject."""
    parameters = (("from", "2026-03-09"), ("to", "2026-03-15"), *((("account", subject),) if subject else ()))
    return Figure(
        metric=metric,
        value=value,
        unit=unit,
        text=text,
        subject=subject,
        query=f"SELECT sum(amount) FROM {metric}",
        as_of="2026-03-16",
        parameters=parameters,
        period=period,
        title=title,
        change=change,
    )


def change(before: float, delta: float, text: str, against: str = BEFORE) -> Change:
    direction = Direction.UP if delta > 0 else Direction.DOWN if delta else Direction.FLAT
    return Change(before, delta, delta / abs(before) if before else None, direction, text, against)


def months(
    values: Sequence[float | None], first: date = date(2025, 4, 1), *, partial: bool = False
) -> tuple[Point, ...]:
    """A value a month; the last is still under way if `partial`."""
    total = first.year * 12 + first.month - 1
    at = [date((total + n) // 12, (total + n) % 12 + 1, 1) for n in range(len(values))]
    return tuple(
        Point(day, value, partial and n == len(values) - 1)
        for n, (day, value) in enumerate(zip(at, values, strict=True))
    )


PIPELINE = figure(
    "pipeline_value", 1_408_326, "$1,408,326", title="open pipeline", change=change(1_349_126, 59_200, "up 4 %")
)
WON = figure("revenue", 3_515, "$3,515", title="new business won", change=change(0, 3_515, "up from nothing"))
NEW_MRR = figure(
    "new_mrr", 0, "$0", title="new MRR", period="2026-03-01 to 2026-03-15",
    change=change(3_515, -3_515, "down by $3,515", "2026-02-01 to 2026-02-15"),
)  # fmt: skip
MRR = figure("mrr", 502_584, "$502,584", title="monthly recurring revenue", period="February 2026", change=change(499_519, 3_065, "up 0.6 %", "January 2026"))  # fmt: skip
COMPETITIVE = figure("competitive_win_rate", 31, "31 %", "percent", title="win rate against competitors", period="2025-04-01 to 2026-03-15", change=change(44, -13, "down 13 points", "2024-04-01 to 2025-03-15"))  # fmt: skip
RENEWALS = figure("renewals_due", 4, "4", "deals", title="renewals due by 30 April", change=change(4, 0, "unchanged"))
CASTELLAN = figure("pipeline_value", 66_240, "$66,240", subject="Castellan Tile & Stone", title="open pipeline")
MARROWFIELD = figure("pipeline_value", 66_600, "$66,600", subject="Marrowfield Foods", title="open pipeline")
OSSERY = figure("pipeline_value", 36_408, "$36,408", subject="Ossery Home", title="open pipeline")
RENEWING = figure("renewals_value", 481_824, "$481,824", title="value of renewals due by 30 April")
SILENT = figure(
    "days_since_activity", 17, "17 days", "days", subject="Ossery Home", title="days since the last activity"
)
TICKETS = figure("support_tickets", 214, "214", "tickets", title="support tickets", period="February 2026")
EXPECTED = figure(
    "support_tickets_expected", 148, "148", "tickets", title="support tickets expected", period="February 2026"
)
FORECAST = figure("mrr_forecast", 515_900, "$515,900", title="recurring revenue forecast", period="June 2026")
LOW = figure("mrr_forecast_low", 503_200, "$503,200", title="forecast, lower end", period="June 2026")
HIGH = figure("mrr_forecast_high", 528_700, "$528,700", title="forecast, upper end", period="June 2026")
ERROR = figure("mrr_backtest_mase", 0.61, "0.61", "ratio", title="scaled error in the backtest", period="12 months")
NAIVE = figure("mrr_backtest_naive", 1.00, "1.00", "ratio", title="scaled error of seasonal naive", period="12 months")
SLOTWRIGHT = figure("competitor_mentions", 5, "5", "calls", subject="Slotwright", title="calls that mention")
ANALYSED = figure("calls_analysed", 41, "41", "calls", title="calls analysed")
HELD = figure("calls_held", 43, "43", "calls", title="calls held")


def reference(n: int, document: str, title: str, speaker: str, at: str, turn: int) -> Reference:
    citation = Citation(document, VERSION, (turn, turn), (turn * 100, turn * 100 + 80))
    return Reference(
        n, f"{document}~{VERSION}~{turn}-{turn}~{turn * 100}-{turn * 100 + 80}", citation, title, speaker, at
    )


SOURCES = (
    reference(1, RENEWAL, "Castellan renewal, 5 March 2026", "Bev Tarkowski", "2:41", 16),
    reference(2, RENEWAL, "Castellan renewal, 5 March 2026", "Wendell Ames", "6:12", 37),
    reference(3, NEGOTIATION, "Marrowfield negotiation, 12 March 2026", "Simone Achterberg", "9:58", 61),
)

RECURRING = (438_170, 442_015, 441_565, 449_902, 449_968, 459_992, 468_761, 475_376, 481_863, 496_546, 499_519, 502_584)
SUPPORT = (131, 138, 144, 139, 151, 147, 142, 150, 139, 144, 149, 214)

KPIS = (
    Kpi("mrr", "Monthly recurring revenue", MRR, Sense.GOOD, since_last="$502,584", trend=months(RECURRING, date(2025, 3, 1)), stale="measured monthly: February 2026"),
    Kpi("pipeline_value", "Open pipeline", PIPELINE, Sense.GOOD, since_last="$1,349,126", trend=months((980_000, 1_020_000, 1_110_000, 1_090_000, 1_204_000, 1_349_126, 1_408_326), date(2025, 9, 1))),
    Kpi("revenue", "New business won", WON, Sense.GOOD, since_last="$0", trend=months((4_995, 3_450, 5_272, 0, 3_700, 3_700, 4_884, 5_272, 9_768, 5_272, 3_515, 0), partial=True)),
    Kpi("new_mrr", "New MRR, month to date", NEW_MRR, Sense.BAD, since_last="$0", trend=months((3_700, 3_700, 4_884, 5_272, 9_768, 5_272, 3_515, 0), date(2025, 8, 1), partial=True)),
    Kpi("competitive_win_rate", "Win rate against competitors", COMPETITIVE, Sense.BAD, since_last="33 %", trend=months((44, 46, 41, None, 38, 36, 33, 31), date(2025, 8, 1))),
    Kpi("renewals_due", "Renewals due by 30 April", RENEWALS, Sense.NEUTRAL, since_last="4"),
    Kpi("nps", "Net promoter score", None, gap="no survey since January 2026", trend=months((41, 40, 43, 44, 46))),
)  # fmt: skip

HEADLINE = (
    Line("Castellan’s renewal of $66,240 is the one to save: the connector promised for February is not there, and Slotwright has offered a price.", (CASTELLAN,), (1, 2)),
    Line("4 renewals worth $481,824 fall due by 30 April; none of them has signed.", (RENEWALS, RENEWING)),
    Line("Open pipeline rose 4 % to $1,408,326, but $0 of new MRR has closed this month.", (PIPELINE, NEW_MRR)),
)  # fmt: skip

CHANGED = Section(
    "anomalies",
    "What stands out, and what is probably behind it",
    lines=(
        Line("Support tickets came to 214 in February where 148 were expected.", (TICKETS, EXPECTED)),
        Line("Probably behind it: the new carrier portal, released on 2 February; Castellan and Gaskell account for most of the rise.", ()),
    ),
    charts=(
        Chart(
            "tickets", "Support tickets a month", "tickets", Shape.LINE,
            "Support tickets stay between 131 and 151 a month for eleven months, then rise to 214 in February 2026.",
            points=months(SUPPORT, date(2025, 3, 1)), marks=(date(2026, 2, 1),),
        ),
    ),
)  # fmt: skip

AHEAD = Section(
    "forecast",
    "Where recurring revenue is heading",
    lines=(
        Line("Recurring revenue is forecast at $515,900 for June, likely between $503,200 and $528,700.", (FORECAST, LOW, HIGH)),
        Line("In the backtest over 12 months the scaled error was 0.61, against 1.00 for seasonal naive.", (ERROR, NAIVE)),
    ),
    charts=(
        Chart(
            "mrr", "Monthly recurring revenue and its forecast", "USD", Shape.LINE,
            "Monthly recurring revenue climbs from $438,170 in March 2025 to $502,584 in February 2026; the forecast goes on to $515,900 in June, between $503,200 and $528,700.",
            points=months(RECURRING, date(2025, 3, 1)),
            forecast=(
                Band(date(2026, 3, 1), 505_300, 501_000, 509_900),
                Band(date(2026, 4, 1), 508_900, 501_700, 516_100),
                Band(date(2026, 5, 1), 512_400, 502_400, 522_500),
                Band(date(2026, 6, 1), 515_900, 503_200, 528_700),
            ),
        ),
    ),
    note="Won and lost deals are too few a month for a forecast of their own.",
)  # fmt: skip

AT_RISK = Section(
    "risks",
    "Deals and customers at risk",
    risks=(
        Risk(
            "Castellan Tile & Stone, renewal", "Dale Pruitt", CASTELLAN,
            (
                Line("Bev Tarkowski: “I can't plan a warehouse on it.”", (), (1,)),
                Line("Slotwright has offered a price for all six sites, with a connector.", (), (2,)),
            ),
        ),
        Risk(
            "Marrowfield Foods, 3 distribution centers", "Ingrid Solheim", MARROWFIELD,
            (Line("Procurement asks for net 90 and brings up carrier fees again.", (), (3,)),),
        ),
        Risk("Ossery Home, new business", "Dale Pruitt", OSSERY, (Line("Nobody has spoken to them for 17 days, and the close date has passed.", (SILENT,)),)),
    ),
)  # fmt: skip

COMPETITORS = Section(
    "competitors",
    "Competitors",
    lines=(Line("Slotwright came up in 5 calls; the win rate against competitors over twelve months is 31 %.", (SLOTWRIGHT, COMPETITIVE)),),
    charts=(
        Chart(
            "competitors", "Calls that mention a competitor", "calls", Shape.BAR,
            "Slotwright 5 calls, Berthly 3, Northpier 2.",
            bars=(Bar("Slotwright", 5, marked=True), Bar("Berthly", 3), Bar("Northpier", 2)),
        ),
    ),
)  # fmt: skip


def tallowby() -> Briefing:
    """9 to 15 March 2026, for the CEO."""
    return Briefing(
        id="briefing_7c1d",
        company="Tallowby",
        audience="ceo",
        period=WEEK,
        first=date(2026, 3, 9),
        last=date(2026, 3, 15),
        compared=BEFORE,
        as_of=date(2026, 3, 16),
        made_at=datetime(2026, 3, 16, 6, 30, tzinfo=UTC),
        label=Label.CONFIDENTIAL,
        headline=HEADLINE,
        kpis=KPIS,
        sections=(AT_RISK, CHANGED, AHEAD, COMPETITORS),
        coverage=Coverage(
            (Line("41 of 43 calls are analysed.", (ANALYSED, HELD)),),
            ("2 calls may be read by some people only and enter no figure.", "No survey of customers has been imported since January 2026."),
        ),
        sources=SOURCES,
        withheld=1,
        since=date(2026, 3, 9),
        documents=(RENEWAL, NEGOTIATION),
    )  # fmt: skip


def quiet() -> Briefing:
    """A first briefing with nothing in it but why."""
    return Briefing(
        id="briefing_0",
        company="Tallowby",
        audience="sales",
        period="February 2026",
        first=date(2026, 2, 1),
        last=date(2026, 2, 28),
        compared="January 2026",
        as_of=date(2026, 3, 1),
        made_at=datetime(2026, 3, 1, 6, 30, tzinfo=UTC),
        label=Label.INTERNAL,
        headline=(),
        kpis=(),
        sections=(),
        coverage=Coverage((), ("No deals have been imported: sophia import deals.csv",)),
    )


_KEPT = {"id", "source", "document", "content_hash", "query", "unit", "shape", "sense", "direction", "label"}


def poisoned(words: str) -> Briefing:
    """The rich briefing with these words before every text that may come from somebody else's data: all but numbers."""
    return BRIEFING.validate_python(_poisoned(BRIEFING.dump_python(tallowby(), mode="json"), words))


def _poisoned(part: Any, words: str, name: str = "") -> Any:
    if isinstance(part, dict):
        kept = {"text"} if part.keys() & {"metric", "delta"} else set()
        return {key: value if key in kept else _poisoned(value, words, key) for key, value in part.items()}
    if isinstance(part, list):
        return [_poisoned(value, words, name) for value in part]
    if not isinstance(part, str) or name in _KEPT or re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", part):
        return part
    return f"{words} {part}"
