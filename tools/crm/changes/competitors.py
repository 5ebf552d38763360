"""The competitor that a customer says it is looking at, where the CRM names none."""

import re

from memory.crm.records import Deal
from models.evidence import Source
from models.reporting import denies
from tools.calls.speech import BUYER
from tools.crm.changes.change import Said
from tools.crm.changes.settled import settles
from tools.crm.changes.talk import role_of, text_of
from tools.risks.hearing import Heard

_CONSIDERS = re.compile(
    r"\b(?:look(?:ed|ing) at|talk(?:ed|ing) (?:to|with)|sp(?:oke|eaking) (?:to|with)|evaluat\w+|compar\w+|consider\w*|shortlist\w*"
    r"|(?:proposal|quote|offer|bid|demo|pitch|deck|trial|pilot) (?:from|with|of)|demo(?:ed|ing)|also seeing|up against|called"
    r"|in (?:the )?(?:running|mix)|between you and|against you)\b",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"\b(?:dropp?ed|ruled? (?:it|them|that)? ?out|passed on|out of the (?:running|race)|eliminated|rejected|turned (?:it|them) down|gave up|moved on"
    r"|too (?:expensive|big|small|complicated|slow))\b",
    re.IGNORECASE,
)
SURE = 0.8


def competitor_said(call: Heard, deal: Deal) -> Said | None:
    """A competitor of whom the customer says that it is being considered; None where several are, or the CRM names one."""
    if deal.competitor:
        return None
    found = {
        one.name: one.quote
        for one in call.competitors
        if role_of(one.quote) == BUYER
        and _CONSIDERS.search(text_of(one.quote))
        and settles(text_of(one.quote), past=True)
        and not _is_dropped(call, one.quote)
    }
    if len(found) != 1:
        return None
    [(name, quote)] = found.items()
    return Said(name, quote, SURE, "the customer says that it looks at it")


def _is_dropped(call: Heard, quote: Source) -> bool:
    """Whether the same turn says that it is not looked at any longer."""
    turn, start = quote.utterances[0].turn, quote.utterances[0].span[0]
    rest = [one for one in call.said if one.utterances[0].turn == turn and one.utterances[0].span[0] >= start]
    return any(denies(text_of(one)) or _DROPPED.search(text_of(one)) for one in rest)
