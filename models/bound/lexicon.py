"""The words that prose about figures is made of, and what each says. Everyday business English; no trade, no company.

A sentence with figures may use these words, the figures' own, and no others: a word that nobody has judged could turn
the meaning of a number ("revenue *at risk* was $1.2M").
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache

from models.bound.amounts import Hedge
from models.evidence import Direction


class Kind(StrEnum):
    """What a piece of a sentence is."""

    AMOUNT = auto()
    RATIO = auto()
    PERIOD = auto()
    EARLIER = auto()
    AS_OF = auto()
    NAME = auto()
    METRIC = auto()
    COUNTED = auto()
    DIRECTION = auto()
    DEGREE = auto()
    EXTREME = auto()
    HEDGE = auto()
    AGAINST = auto()
    TOTAL = auto()
    NOW = auto()
    SHARE = auto()
    FOLLOWED = auto()
    BREAK = auto()
    PAUSE = auto()
    OPEN = auto()
    CLOSE = auto()
    BY = auto()
    TO = auto()
    FROM = auto()
    AT = auto()
    OF = auto()
    OVER = auto()
    IS = auto()
    PLAIN = auto()
    UNKNOWN = auto()


class Degree(StrEnum):
    """How much a figure went up or down, in a word: slight is at most 5 %, sharp at least 10 %."""

    SLIGHT = "slight"
    SHARP = "sharp"


@dataclass(frozen=True, slots=True)
class Word:
    """What a word or phrase says. `leads` is set where what is compared with follows: "above", "exceeded"; `moves` where
    something has changed: "rose", and not "higher".
    """

    kind: Kind
    says: str = ""
    leads: bool = False
    moves: bool = False


#: Several words are joined by `_`.
_DIRECTIONS = {
    Direction.UP: """rose rise rises risen rising increased increase increases increasing grew grow grows grown growing growth
        climbed climb climbs climbing gained gain gains jumped jump jumps surged surge up higher advanced expanded expansion
        uptick upturn upwards more greater larger bigger picked_up went_up""",
    Direction.DOWN: """fell fall falls fallen falling dropped drop drops dropping declined decline declines declining
        decreased decrease decreases decreasing shrank shrink shrunk slipped slip slips slid slide sank down lower less fewer
        smaller contracted contraction dipped dip dips slumped slump plunged tumbled eased downturn downwards went_down""",
    Direction.FLAT: "flat unchanged steady stable level constant no_change remained remains stayed held",
}
_COMPARING = {
    Direction.UP: "above exceeded exceeds exceeding topped beat outpaced surpassed ahead_of",
    Direction.DOWN: "below trailed trails trailing lagged lags lagging missed behind short_of",
}
_EXTREMES = {
    "highest": "highest highest_level largest biggest greatest most top peak peaked maximum led leads leading",
    "lowest": "lowest lowest_level smallest least fewest minimum trough bottom bottomed_out",
}
_DEGREES = {
    Degree.SLIGHT: "slightly marginally modestly slight modest marginal a_little",
    Degree.SHARP: """sharply significantly substantially considerably markedly steeply sharp significant substantial
        considerable marked steep""",
}
_HEDGES = {
    Hedge.ABOUT: "about around roughly approximately some circa approx approx. ca. ~",
    Hedge.OVER: "over above more_than exceeding north_of just_over well_over slightly_over slightly_more_than just_above",
    Hedge.UNDER: """under below less_than fewer_than almost nearly just_under close_to just_below slightly_under
        slightly_less_than just_shy_of""",
    Hedge.AT_LEAST: "at_least no_less_than no_fewer_than",
    Hedge.AT_MOST: "at_most no_more_than",
}
_KINDS = {
    Kind.AGAINST: """than versus vs vs. compared_with compared_to relative_to in_comparison_with against after following
        as_much_as as_many_as as_high_as as_large_as that_of""",
    Kind.TOTAL: "total overall altogether in_all in_total",
    Kind.SHARE: """accounted_for accounts_for accounting_for made_up makes_up making_up represented represents representing
        share""",
    Kind.NOW: "now currently current latest most_recent",
    Kind.FOLLOWED: "followed_by",
    Kind.BREAK: "; while whereas but although though",
    Kind.PAUSE: ", : and & plus",
    Kind.OPEN: "( [",
    Kind.CLOSE: ") ]",
    Kind.BY: "by",
    Kind.TO: "to",
    Kind.FROM: "from",
    Kind.AT: "at with",
    Kind.OF: "of",
    Kind.OVER: "on over since",
    Kind.IS: """is are was were = has have had being been stood stands came comes come in_at reached reaches hit hits
        totalled totaled amounted amounts recorded posted saw showed shows ended finished
        landed brought contributed generated delivered made moved""",
    Kind.UNKNOWN: "most_of",
    Kind.PLAIN: """a an the its their our we it this that those these they in for as during across within then also so thus
        meanwhile however here there where which who whose figure figures value number amount result period team
        bringing putting leaving taking making registered come_in came_in came_out summary * # - _ " . ! \' """,
}
#: Nouns of change: what "was" or "of" leads to behind them is the change.
CHANGES = frozenset(
    """growth increase increases rise rises gain gains drop drops decline declines fall falls decrease decreases jump jumps
    surge climb climbs dip dips slip slump slide expansion contraction uptick upturn downturn""".split()  # noqa: SIM905
)
#: Words that set two figures side by side without saying that either has moved.
_COMPARATIVES = "higher lower more less fewer greater larger bigger smaller"
#: Extremes among others at one time, and of one thing over time; the rest may be either.
AMONG = frozenset({"led", "leads", "leading"})
OVER_TIME = frozenset({"peak", "peaked", "trough", "bottomed out"})
_TIMES = {
    "2": "twice double two-fold twofold", "3": "three-fold threefold triple", "0.5": "half",
}  # fmt: skip
_MULTIPLIED = {"2": "doubled doubling", "3": "tripled tripling", "4": "quadrupled", "0.5": "halved halving"}
_PARTS = {
    "1/3": "a_third one_third one-third", "2/3": "two_thirds two-thirds", "1/4": "a_quarter one_quarter one-quarter",
    "3/4": "three_quarters three-quarters", "1/5": "a_fifth one_fifth one-fifth", "1/10": "a_tenth one_tenth one-tenth",
}  # fmt: skip


@cache
def words() -> dict[str, Word]:
    """What each word or phrase says, in one case; hedges apart, which are words of their own where no number follows."""
    found = {phrase: Word(kind) for kind, phrases in _KINDS.items() for phrase in _split(phrases)}
    for says, phrases in _DIRECTIONS.items():
        found |= {one: Word(Kind.DIRECTION, says, moves=one not in _COMPARATIVES.split()) for one in _split(phrases)}
    for kind, table in (
        (Kind.EXTREME, _EXTREMES),
        (Kind.DEGREE, _DEGREES),
        (Kind.RATIO, _TIMES),
        (Kind.RATIO, _PARTS),
    ):
        found |= {phrase: Word(kind, says) for says, phrases in table.items() for phrase in _split(phrases)}
    found |= {one: Word(Kind.DIRECTION, says, leads=True) for says, some in _COMPARING.items() for one in _split(some)}
    return found | {
        one: Word(Kind.RATIO, says, leads=True) for says, some in _MULTIPLIED.items() for one in _split(some)
    }


@cache
def hedges() -> dict[str, Hedge]:
    """What a word or phrase before a number makes of it."""
    return {phrase: hedge for hedge, phrases in _HEDGES.items() for phrase in _split(phrases)}


def _split(phrases: str) -> list[str]:
    return [phrase.replace("_", " ") if len(phrase) > 1 else phrase for phrase in phrases.split()]
