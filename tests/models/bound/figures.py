"""Figures of a fictional company as of the end of March 2026, and what chat models may truly write of them."""

from models.entities import Entity
from models.evidence import Change, Direction, Figure

AS_OF = "2026-03-31"
MARCH, FEBRUARY = "March 2026", "February 2026"


def change(before: float, value: float, text: str, against: str = FEBRUARY) -> Change:
    delta = value - before
    direction = Direction.UP if delta > 0 else Direction.DOWN if delta < 0 else Direction.FLAT
    return Change(before, delta, delta / before if before else None, direction, text, against)


def figure(
    title: str, value: float, unit: str, text: str, subject: str = "", period: str = MARCH, before: Change | None = None
) -> Figure:
    parameters = (("region", subject),) if subject else ()
    return Figure(
        title.replace(" ", "_"),
        value,
        unit,
        text,
        subject,
        f"SELECT {title}",
        AS_OF,
        parameters=parameters,
        period=period,
        title=title,
        change=before,
    )


REVENUE = (
    figure("revenue", 1_310_000, "USD", "$1.31M", period="November 2025"),
    figure("revenue", 1_252_000, "USD", "$1.25M", period="December 2025"),
    figure("revenue", 912_000, "USD", "$912k", period="January 2026"),
    figure("revenue", 1_150_400, "USD", "$1.15M", period=FEBRUARY),
    figure("revenue", 1_198_200, "USD", "$1.2M", before=change(1_150_400, 1_198_200, "up 4.2 %")),
)
TARGET = figure("revenue target", 1_150_000, "USD", "$1.15M")
MARROWFIELD = figure("pipeline value", 40_000, "USD", "$40k", "Marrowfield", before=change(52_000, 40_000, "down 23 %"))
CASTELLAN = figure("pipeline value", 90_000, "USD", "$90k", "Castellan Foods", before=change(72_000, 90_000, "up 25 %"))
DEALS = (
    figure("won deals", 28, "deals", "28 deals"),
    figure("won deals", 12, "deals", "12 deals", "EMEA", before=change(10, 12, "up 20 %")),
    figure("won deals", 9, "deals", "9 deals", "APAC"),
    figure("won deals", 7, "deals", "7 deals", "AMER"),
)
WIN_RATE = figure("win rate", 43, "%", "43 %", "EMEA", before=change(40, 43, "up 3 points"))
CYCLE = figure("sales cycle", 47, "days", "47 days", "EMEA", before=change(52, 47, "down 5 days"))
MARGIN = figure("net revenue", -40_300, "USD", "-$40k", "AMER", before=change(-61_000, -40_300, "up 34 %"))
CHURN = figure("churned accounts", 41, "accounts", "41 accounts", before=change(41, 41, "unchanged"))
FIGURES = (*REVENUE, TARGET, MARROWFIELD, CASTELLAN, *DEALS, WIN_RATE, CYCLE, MARGIN, CHURN)
ENTITIES = (
    Entity("account", "Castellan Foods", ("Castellan", "CST")),
    Entity("account", "Marrowfield"),
    Entity("account", "Globex"),
    Entity("rep", "Dana Wolf"),
)

HONEST = """
Revenue was $1.2M in March.
Revenue in March 2026 came to $1.2M.
March revenue was $1.2 million.
March's revenue reached 1.2 million dollars.
In March, revenue stood at $1,198,200.
Revenue was about $1.2M in March.
Revenue was roughly $1.2M in March 2026, up 4.2 % from February.
Revenue rose 4.2 % to $1.2M in March.
Revenue rose to $1.2M in March, from $1.15M in February.
Revenue rose from $1.15M in February to $1.2M in March.
From February to March, revenue rose from $1.15M to $1.2M.
At $1.2M, March revenue was 4 % above February's.
Up 4 % from February, revenue reached $1.2M in March.
Compared with February's $1.15M, revenue in March was up 4 % at $1.2M.
March revenue ($1.2M) was up slightly on February ($1.15M).
Revenue grew by 4.2 % month over month to $1.2M.
Revenue grew 4 percent this month to $1.2M, compared with $1.15M the month before.
Revenue increased by about $48k to $1.2M in March.
Revenue of $1.2M in March was 4 % higher than in February.
In March revenue came in at $1.2M, a 4 % increase over the previous month.
February's revenue was $1.15M, and March's was $1.2M.
Revenue was $1.15M in February and $1.2M in March.
Revenue was $1.25M in December, $912k in January, $1.15M in February and $1.2M in March.
Revenue was highest in November 2025, at $1.31M.
Revenue peaked at $1.31M in November 2025.
Of the five months, November 2025 had the highest revenue ($1.31M) and January 2026 the lowest ($912k).
January's $912k was the lowest revenue of the five months.
Over the five months from November 2025 to March 2026, revenue was highest in November 2025 ($1.31M).
Revenue in March was above the revenue target of $1.15M.
Revenue exceeded the revenue target by 4 % in March.
Marrowfield's pipeline fell to $40k, Castellan's rose to $90k.
Marrowfield's pipeline fell to $40k while Castellan's rose to $90k.
Castellan's pipeline rose to $90k, whereas Marrowfield's fell to $40k.
Marrowfield's pipeline value is $40k, down 23 % from $52k in February.
Marrowfield's pipeline dropped sharply, by 23 %, to $40k.
Pipeline at Marrowfield declined by $12k to $40k.
Castellan Foods' pipeline value climbed 25 % to $90,000.
CST's pipeline is now $90k.
Castellan's pipeline ($90k) is more than twice Marrowfield's ($40k).
Castellan's pipeline is more than double that of Marrowfield.
Castellan's pipeline was $50k higher than Marrowfield's.
Marrowfield's pipeline was $50k lower than Castellan's.
EMEA won 12 deals in March.
EMEA won twelve deals in March, two more than in February.
EMEA won 12 deals in March, up from 10 in February.
EMEA won 12 deals, APAC 9 and AMER 7.
In March EMEA won 12 deals, APAC won 9 and AMER won 7.
EMEA won 12 deals, 3 more than APAC.
EMEA led with 12 won deals, followed by APAC with 9 and AMER with 7.
EMEA won the most deals (12) in March.
AMER won the fewest deals of the three regions, 7.
EMEA accounted for 43 % of won deals in March.
A quarter of won deals came from AMER.
Deals won in March: EMEA 12, APAC 9, AMER 7.
Won deals totalled 28 in March.
A total of 28 deals were won in March.
EMEA's win rate was 43 % in March.
EMEA's win rate rose 3 percentage points to 43 %.
EMEA's win rate rose from 40 % to 43 %.
EMEA's win rate is up three points from 40 % in February.
The sales cycle in EMEA fell by 5 days to 47 days.
EMEA's sales cycle is 47 days, down from 52 days a month earlier.
AMER's net revenue was -$40k in March.
AMER's net revenue was minus $40,300 in March.
The number of churned accounts was unchanged at 41 in March.
Churned accounts were flat at 41.
Over 40 accounts churned in March.
Nearly $1.2M of revenue came in during March.
Just under $1.2M in revenue was recorded in March 2026.
As of 2026-03-31, Castellan's pipeline is $90k.
Castellan's pipeline is $90k (as of 31 March 2026).
- **Revenue (March 2026):** $1.2M, up 4.2 % on February 2026
Revenue: $1.2M in March (February: $1.15M).
Pipeline value, Marrowfield: $40k (as of 2026-03-31).
Revenue went up in March.
Revenue in March was higher than in February, but lower than in December.
Pipeline: Castellan $90k, Marrowfield $40k.
Revenue for March 2026 was $1.2M, an increase of 4.2 % from February 2026 ($1.15M).
In March 2026, revenue was $1.2M, which is 4.2 % higher than in February 2026.
The pipeline of Castellan Foods stands at $90k, up from $72k in February.
Castellan Foods has $90k in pipeline, Marrowfield $40k.
With 12 deals won, EMEA was ahead of APAC (9) and AMER (7).
EMEA's win rate in March 2026 was 43%, 3 percentage points higher than the previous month.
EMEA's win rate increased by 3 points, from 40 % in February to 43 % in March.
The sales cycle in EMEA dropped from 52 to 47 days.
Revenue fell to $912k in January 2026 from $1.25M in December 2025.
Revenue increased slightly from $1.15M to $1.2M.
Marrowfield: pipeline value down to $40k, Castellan: up to $90k.
Revenue beat the revenue target by about $48k in March.
The lowest revenue was $912k, in January 2026.
Revenue hit its highest level in November 2025 at $1.31M.
Net revenue for AMER was -$40k, compared with -$61k in February.
Of the 28 deals won in March, EMEA accounted for 12.
The number of deals won by EMEA rose from 10 to 12.
EMEA won 20 % more deals in March than in February.
"""
LIES = """
Revenue rose from 1.15M to $1.2M in March.
Revenue rose by 48k to $1.2M in March.
Revenue was $1.3M in March.
Revenue was $1.2k in March.
Revenue was $1.2bn in March.
Revenue was €1.2M in March.
Revenue was 1.2M in March.
Revenue was -$1.2M in March.
Revenue was $1.2M in April.
Revenue was $1.2M in March 2025.
Revenue was $1.2M in February.
Revenue was $1.2M last month.
Revenue was $1.2M a month.
Revenue was $1.2M per month.
Monthly revenue was $1.2M in March.
Revenue was not $1.2M in March.
Revenue was $1.2M in March, not $1.15M.
Revenue never reached $1.2M in March.
Revenue could be $1.2M in March.
Revenue is expected to be $1.2M in March.
Expected revenue was $1.2M in March.
Lost revenue was $1.2M in March.
Revenue at risk was $1.2M in March.
Revenue was over $1.2M in March.
Revenue was nearly $1.1M in March.
Revenue was almost $1.3M in March.
Revenue was about $1.3M in March.
Revenue was at least $1.2M in March.
Revenue was $1M in March.
Revenue was between $1.15M and $1.2M in March.
Revenue was $1.1-1.2M in March.
Revenue fell 4.2 % to $1.2M in March.
Revenue rose 4.2 points to $1.2M in March.
Revenue rose 4.2 percentage points to $1.2M in March.
Revenue rose 42 % to $1.2M in March.
Revenue rose -4.2 % to $1.2M in March.
Revenue rose $4.2 to $1.2M in March.
Revenue rose by 4.2 in March.
Revenue rose from $1.2M in February to $1.15M in March.
Revenue rose from $1.2M to $1.15M in March.
Revenue rose from $1.15M in March to $1.2M in February.
Revenue rose from $1.15M in January to $1.2M in March.
Revenue rose from $1.15M to $1.2M in February.
Revenue rose 4.2 % in March from January.
Revenue rose 4.2 % year over year to $1.2M in March.
Revenue rose 4.2 % quarter over quarter to $1.2M in March.
Revenue rose sharply, by 4.2 %, in March.
Revenue was flat at $1.2M in March.
Revenue doubled to $1.2M in March.
At $1.2M, March revenue was 4 % below February's.
At $1.2M, February revenue was 4 % above March's.
At $1.15M, March revenue was 4 % above February's.
Down 4 % from February, revenue reached $1.2M in March.
Up 4 % from January, revenue reached $1.2M in March.
Revenue was $1.2M in February and $1.15M in March.
Revenue was $1.25M in January, $912k in December, $1.15M in February and $1.2M in March.
Revenue was highest in January 2026, at $912k.
Revenue was lowest in November 2025, at $1.31M.
Revenue peaked at $1.2M in March 2026.
Of the five months, January 2026 had the highest revenue ($1.31M) and November 2025 the lowest ($912k).
January's $912k was the lowest revenue of the six months.
January's $912k was the lowest revenue of the five weeks.
January's $912k was the lowest revenue ever.
March had the best revenue at $1.2M.
Revenue of $1.2M was a record in March.
Over the six months from November 2025 to March 2026, revenue was highest in November 2025 ($1.31M).
Revenue in March was below the revenue target of $1.15M.
Revenue missed the revenue target by 4 % in March.
Revenue in March was above the revenue target of $1.2M.
Revenue was on target in March.
Marrowfield's pipeline rose to $40k, Castellan's fell to $90k.
Marrowfield's pipeline fell to $90k, Castellan's rose to $40k.
Castellan's pipeline fell to $40k, Marrowfield's rose to $90k.
Marrowfield's pipeline fell to $40k, Globex's rose to $90k.
Marrowfield's pipeline fell to $40k and rose to $90k.
Marrowfield's pipeline fell to $40k, and to $90k.
Marrowfield's pipeline fell to $40k, Castellan.
The pipeline fell to $40k.
Pipeline is $90k.
Initech's pipeline is $90k.
Castellan and Marrowfield have a pipeline of $90k.
Castellan's and Marrowfield's pipelines were $40k and $90k.
Castellan's and Marrowfield's pipelines were $90k and $40k respectively.
Dana Wolf's pipeline is $90k.
Castellan's revenue is $90k.
Castellan's weighted pipeline is $90k.
Castellan's closed pipeline is $90k.
Castellan's pipeline is $90 thousand thousand.
Castellan's pipeline ($40k) is more than twice Marrowfield's ($90k).
Marrowfield's pipeline ($40k) is more than twice Castellan's ($90k).
Castellan's pipeline is more than three times Marrowfield's.
Castellan's pipeline is less than double that of Marrowfield.
Castellan's pipeline is half of Marrowfield's.
Castellan's pipeline is twice Marrowfield's.
Castellan's pipeline was $50k lower than Marrowfield's.
Castellan's pipeline was $40k higher than Marrowfield's.
EMEA won 9 deals, APAC 12 and AMER 7.
EMEA won 12 deals, APAC 9 and LATAM 7.
EMEA won 12 deals, AMER 9 and APAC 7.
EMEA lost 12 deals in March.
EMEA won 12 accounts in March.
EMEA won 12 % in March.
EMEA won 12 deals, 3 fewer than APAC.
EMEA won 12 deals, 3 more than AMER.
EMEA led with 12 won deals, followed by AMER with 7 and APAC with 9.
APAC led with 9 won deals.
EMEA and APAC won 12 deals.
EMEA won 12 deals and APAC.
EMEA won 12 of 28 open deals.
EMEA won most of the deals in March.
EMEA accounted for 34 % of won deals in March.
APAC accounted for 43 % of won deals in March.
EMEA accounted for 43 % of revenue in March.
A third of won deals came from AMER.
EMEA's win rate was 43 in March.
EMEA's win rate was 43 points in March.
EMEA's win rate rose 3 % to 43 %.
EMEA's win rate rose 3 percentage points to 40 %.
EMEA's win rate rose from 43 % to 40 %.
EMEA's win rate fell three points to 43 %.
APAC's win rate was 43 % in March.
EMEA's sales cycle was 47 weeks in March.
EMEA's sales cycle was 47 in March.
The sales cycle in EMEA rose by 5 days to 47 days.
The sales cycle in EMEA fell by 5 weeks to 47 days.
AMER's net revenue was $40k in March.
AMER's net revenue was +$40k in March.
The number of churned accounts rose to 41 in March.
Over 41 accounts churned in March.
Nearly 40 accounts churned in March.
Two of 41 accounts churned in March.
As of 2026-02-28, Castellan's pipeline is $90k.
Castellan's pipeline is $90k (as of 31 March 2025).
Castellan's pipeline was $72k in March.
Castellan's pipeline is currently $72k.
Revenue went down in March.
Revenue in March was lower than in February, but higher than in December.
Pipeline: Castellan $40k, Marrowfield $90k.
Revenue was $1.2M in March and everybody was happy.
Revenue: $1.2M in March (February: $1.2M).
Revenue growth was $1.2M in March.
The growth of revenue in March was $1.2M.
Revenue grew $1.2M in March.
Castellan's pipeline rose to $90k against Marrowfield's.
Castellan's pipeline overtook Marrowfield's, at $90k.
Revenue for the quarter was $1.2M.
Revenue was $1.2M in Q1 2026.
Revenue in the first quarter was $1.2M.
Revenue was $1.2M this year.
Revenue was $1.2M to date.
Revenue was $1.2M in March and April.
Revenue was $1.2M from January to March.
Revenue remained at $1.2M in March.
Revenue stayed above $1.1M in March.
Revenue was $1.2M in March, the highest.
Revenue was $1.2M in March, the highest of five months.
Revenue was $1.2M in March, the second highest of five months.
Revenue was at its lowest in March, at $1.2M.
EMEA had the lowest number of won deals, 12.
EMEA won 12 deals in March, the fewest of the three regions.
EMEA won 12 deals in March, the most of the four regions.
EMEA's won deals more than doubled to 12 in March.
EMEA won half of all deals in March.
EMEA won 12 of the deals in March, AMER 9.
Both EMEA and APAC won 12 deals.
EMEA won 12 deals each month.
EMEA won 12 deals in March alone, twice as many as APAC.
Castellan's and Marrowfield's pipeline fell to $40k.
Castellan's pipeline fell to $40k.
Castellan lost $90k of pipeline.
Castellan's pipeline is $90k and Marrowfield's is the same.
Castellan's pipeline is $90k, as is Marrowfield's.
Castellan's pipeline is $90k, Marrowfield's too.
EMEA's win rate of 43 % is above APAC's.
EMEA's win rate rose by 43 %.
EMEA's win rate rose 43 %.
EMEA's win rate rose to 43 points.
The win rate was 43 % in March.
Revenue rose 4.2 % to $1.2M in March, and Castellan's pipeline 4.2 %.
Revenue rose to $1.2M, and EMEA's win rate fell to 43 %.
Revenue was $1.2M, compared with $1.15M in January.
Revenue was $1.2M, compared with $1.15M a year earlier.
Revenue was $1.2M in March, up from $912k.
Revenue was $1.2M in March, up from $912k in February.
Revenue was up 31 % from February to $1.2M in March.
Revenue was $912k lower in March than in February.
Revenue went from $1.2M to $1.15M.
March's revenue was $1.15M and February's $1.2M.
Revenue was 1.2 million in March.
Revenue was $1.2 in March.
Revenue was $12M in March.
Revenue was $1,2M in March.
Revenue was $1.20k in March.
Revenue was $1198.2M in March.
Revenue was $1.2M or $1.15M in March.
Revenue was up to $1.3M in March.
Revenue should be $1.2M in March.
Revenue would be $1.2M in March.
Revenue was $1.2M in March thanks to Castellan.
Revenue was only half of $1.2M in March.
Revenue was $1.2M below the revenue target in March.
Revenue was $48k below the revenue target in March.
The revenue target was $1.2M in March.
The revenue target rose to $1.15M in March.
Revenue was $1.2M, 4 % below the revenue target, in March.
AMER's net revenue fell to -$40k in March.
AMER's net revenue was -$61k in March.
AMER's net revenue was -$40k in March, up 34 points.
AMER's revenue was -$40k in March.
EMEA's sales cycle was 47 days longer.
EMEA's sales cycle was 5 days in March.
EMEA's sales cycle rose to 47 days.
EMEA's sales cycle was 47 days, up from 52 days in February.
EMEA's sales cycle was 47 hours.
28 accounts were won in March.
12 deals were won in March.
EMEA churned 41 accounts.
41 accounts churned in EMEA in March.
Accounts of EMEA: 41.
The number of churned accounts was 41 in February and 40 in March.
Castellan's pipeline ($90k) fell short of Marrowfield's ($40k).
EMEA won 12 deals; APAC, 7; AMER, 9.
Won deals: EMEA - 9, APAC - 12, AMER - 7.
| EMEA | 9 | APAC | 12 |
EMEA 12, APAC 7, AMER 9 deals won.
EMEA won 9 more deals than APAC.
EMEA won 3 deals more than AMER.
EMEA won fewer deals than APAC.
APAC won more deals than EMEA (12).
After 12 deals in February, EMEA won 10 in March.
EMEA won 10 deals in March after 12 in February.
EMEA's 12 deals were down from 10.
EMEA won ten deals.
Castellan's pipeline is $90k with EMEA.
Castellan's pipeline is $90k in EMEA.
Castellan Foods Europe's pipeline is $90k.
Castellan Holding's pipeline is $90k.
"""
LYING_LINES = LIES.strip().splitlines()
HONEST_LINES = HONEST.strip().splitlines()
