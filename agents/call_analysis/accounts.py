"""With whom each call was: the account it is linked to, else a known one in its title, else the company its title names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from models.entities import Entity
from models.text.number_words import MONTHS
from models.text.words import STOP_WORDS
from tools.calls.competitors import Gazetteer
from tools.servers.call_results import CallSummary

_BETWEEN = re.compile(r"\s+[-–—x]\s+|[–—/|:,;()<>+]|\bw/", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][\w.'’&]*|&")
_INSIDE = frozenset({"of", "de", "&"})
_FORMS = frozenset(
    {"inc", "ltd", "llc", "llp", "plc", "gmbh", "ag", "se", "sa", "bv", "nv", "corp", "co", "company", "limited"}
)
#: What titles say of a call besides with whom it was.
_OF_CALLS = frozenset(
    re.findall(
        r"\S+",
        """
    call calls meeting meetings conversation session chat sync catchup catch-up catch check checkin check-in standup weekly
    daily monthly quarterly annual discovery intro introduction introductory first second third final next demo demonstration
    trial pilot poc proof concept kickoff kick-off kick onboarding training handover handoff review qbr ebr retro
    retrospective renewal expansion upsell negotiation procurement pricing price proposal contract order form legal security
    technical tech deep dive scoping requirements workshop planning plan prep debrief internal external team deal won lost
    closed open follow followup follow-up up update status support escalation success sales customer client prospect buyer
    account partner partnership interview recording transcript notes note minutes summary recap part copy draft version new
    project implementation integration rollout strategy roadmap product platform evaluation questions answers q&a feedback
    morning afternoon evening monday tuesday wednesday thursday friday saturday sunday zoom teams webex phone dial-in
    """,
    )
).union(MONTHS)


def accounts_of(calls: Sequence[CallSummary], known: Sequence[Entity]) -> Mapping[str, tuple[Entity, ...]]:
    """The accounts of each call, by its id. `known` are all known names; those of kind account are accounts."""
    accounts = [entity for entity in known if entity.kind == "account"]
    others = [entity for entity in known if entity.kind != "account"]
    spelled = {_folded(name): one for one in accounts for name in (one.name, *one.aliases)}
    gazetteer, strangers = Gazetteer(accounts), Gazetteer(others)
    by_name = {one.name: one for one in accounts}
    found: dict[str, tuple[Entity, ...]] = {}
    for call in calls:
        titled = dict.fromkeys(by_name[one.name] for one in gazetteer.named(call.title))
        if call.account:
            bare = _bare(call.account)
            known_as = spelled.get(_folded(call.account)) or spelled.get(_folded(bare))
            found[call.call] = (known_as or Entity("account", call.account, (bare,)),)
        else:
            found[call.call] = tuple(titled) or tuple(_in_title(call, strangers))
    return found


def _bare(account: str) -> str:
    """The account without the form of company at its end ("Globex, Inc.")."""
    words = account.replace(",", " ").split()
    while len(words) > 1 and words[-1].strip(".").casefold() in _FORMS:
        words.pop()
    return " ".join(words)


def _in_title(call: CallSummary, strangers: Gazetteer) -> Iterator[Entity]:
    """Each run of words in the title that is neither of calls in general nor a name of something else."""
    people = {_folded(person.name) for person in call.people}
    spaced = call.title if " " in call.title.strip() else re.sub(r"[-_]+", " ", call.title)
    for part in _BETWEEN.split(spaced.replace("_", " ")):
        for names, run in groupby(_WORD.findall(part), key=_may_name):
            words = _trimmed(list(run)) if names else []
            name = " ".join(words)
            if words and _folded(name) not in people and not any(strangers.named(name)):
                first = (words[0],) if len(words[0]) > 3 else ()
                yield Entity("account", name, first)


def _may_name(word: str) -> bool:
    plain = word.casefold().strip(".'’")
    return plain in _INSIDE or not (
        plain in _OF_CALLS or plain in STOP_WORDS or any(c.isdigit() for c in plain) or len(plain) < 2
    )


def _trimmed(words: list[str]) -> list[str]:
    while words and words[0].casefold() in _INSIDE:
        words.pop(0)
    while words and words[-1].casefold() in _INSIDE:
        words.pop()
    return words


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
