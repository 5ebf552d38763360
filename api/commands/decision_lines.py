"""Decisions as lines of the command line, from what the API says of them."""

from collections.abc import Iterator, Mapping
from typing import Any

Told = Mapping[str, Any]

STANDINGS = {"holds": "is not crossed", "crossed": "is crossed", "unknown": "cannot be read"}
VERDICTS = {
    "never_proposed": "Nothing in the ledger is near enough: it was never proposed, or not in these words.",
    "holds": "The reason still holds.",
    "stale": "The reason no longer holds.",
    "unknown": "Whether the reason still holds cannot be told: a trip-wire cannot be read.",
    "unwatched": "Whether the reason still holds is for people to judge: no trip-wire watches it.",
}


def line_of(decision: Told) -> str:
    """`dec_1  2026-03-02  Renata Voss  Are pilots free?  Paid, and 30 days at most`."""
    ended = f"  (until {decision['ended_on']})" if decision["ended_on"] else ""
    return "  ".join(decision[name] for name in ("id", "decided_on", "owner", "question", "choice")) + ended


def lines_of(decision: Told) -> Iterator[str]:
    """A decision with all that belongs to it."""
    yield f"{decision['id']}: {decision['question']}"
    yield f"  {decision['choice']}"
    yield f"  decided on {decision['decided_on']} by {decision['owner']}, {decision['label']}"
    known = (
        ("because", decision["rationale"]),
        ("to be reviewed on", decision["review_on"]),
        ("superseded by", decision["superseded_by"]),
    )
    yield from (f"  {how} {value}" for how, value in known if value)
    yield from _parts(decision)
    yield from (f"  {wire_line(wire)}" for wire in decision["wires"])
    if decision["outcome"]:
        yield f"  {outcome_line(decision['outcome'])}"


def _parts(decision: Told) -> Iterator[str]:
    """What was turned down, and what is quoted."""
    yield from (f"  not {one['name']}: {one['rejected_because']}" for one in decision["alternatives"])
    quoted = [*decision["evidence"], *(one for other in decision["alternatives"] for one in other["evidence"])]
    for one in {each["quote"]: each for each in quoted}.values():
        yield f'  "{one["quote"]}" ({one["document"]}, turn {one["turns"][0]})'


def wire_line(wire: Told) -> str:
    """`no longer holds once win_rate is below 40 (for a paid pilot)`."""
    asked = ", ".join(f"{name}={value}" for name, value in wire["parameters"].items())
    metric = f"{wire['metric']}({asked})" if asked else wire["metric"]
    whose = f" (for {wire['alternative']})" if wire["alternative"] else ""
    return f"no longer holds once {metric} is {wire['crossed']} {wire['threshold']:,.12g}{whose}"


def reading_line(reading: Told) -> str:
    """`win_rate is 41.2 percent on 2026-03-20; below 40 it no longer holds`, or why there is no value."""
    wire = reading["wire"]
    if reading["value"] is None:
        return f"{wire['metric']} cannot be read on {reading['as_of']}: {reading['why']}"
    value = f"{round(reading['value'], 2):,.12g} {reading['unit']}".rstrip()
    limit = f"the trip-wire is {wire['crossed']} {wire['threshold']:,.12g}, and {STANDINGS[reading['standing']]}"
    return f"{wire['metric']} is {value} on {reading['as_of']}; {limit}"


def outcome_line(outcome: Told) -> str:
    """How it turned out."""
    return f"{'it worked out' if outcome['succeeded'] else 'it did not work out'} ({outcome['on']}): {outcome['told']}"


def rejected_lines(said: Told) -> Iterator[str]:
    """Whether it was rejected before, and whether the reason still holds."""
    if said["decision"]:
        decision = said["decision"]
        yield f"{said['alternative']}: rejected on {decision['decided_on']} by {decision['owner']} ({decision['id']})"
        yield f"  because {said['rejected_because']}"
        yield f"  chosen was: {decision['choice']}"
        yield from (f"  {reading_line(one)}" for one in said["readings"])
    yield VERDICTS[said["verdict"]]


def due_lines(due: Told) -> Iterator[str]:
    """Why a decision is to be looked at again."""
    yield line_of(due["decision"])
    if due["review_due"]:
        yield f"  its review was due on {due['decision']['review_on']}"
    yield from (f"  {reading_line(one)}" for one in due["crossed"])


def proposal_lines(proposal: Told) -> Iterator[str]:
    """What was heard and waits, with the words it was heard in."""
    draft = proposal["draft"]
    yield f"{proposal['id']}  {draft['decided_on']}  {draft['owner']}  {draft['question']}"
    yield f"  {draft['choice']}"
    yield from _parts(draft)


def to_record_lines(wanted: Told, replaced: Told | None) -> Iterator[str]:
    """A decision that is not recorded yet, as it was heard or written, and the one whose place it takes."""
    yield wanted["question"]
    yield f"  {wanted['choice']}"
    day = wanted.get("decided_on") or "the company's day"
    yield f"  decided on {day} by {wanted['owner']}"
    told = (("because", "rationale"), ("to be reviewed on", "review_on"), ("confidence", "confidence"))
    yield from (f"  {how} {wanted[name]}" for how, name in told if wanted.get(name))
    alternatives = [{"evidence": (), **one} for one in wanted.get("alternatives") or ()]
    yield from _parts({"evidence": (), **wanted, "alternatives": alternatives})
    wires = [{"parameters": {}, "alternative": None, **one} for one in wanted.get("wires") or ()]
    yield from (f"  {wire_line(one)}" for one in wires)
    if replaced is not None:
        yield f"  takes the place of {line_of(replaced)}"


def calibration_line(one: Told) -> str:
    """`Renata Voss  4 decisions  sure 0.80, right 0.50, Brier 0.21`."""
    counted = f"{one['decisions']} decision{'s' if one['decisions'] > 1 else ''}"
    return f"{one['owner']}  {counted}  sure {one['confidence']:.2f}, right {one['succeeded']:.2f}, Brier {one['brier']:.2f}"
