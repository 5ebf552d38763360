"""Objections, risks, prices, pain and situation, told by everyday English cues; light, and meant for ordering a summary."""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.calls.cues import cue, score, strongest

_RESISTANCE = (
    cue(r"off the table|deal ?breaker|no way|not doing that|not going to (?:do|use|pay|sign|buy|work|install|happen|fly)", 0.7),
    cue(r"(?:won't|will not|wouldn't|can't|cannot|couldn't|aren't going to|isn't going to|not going to|refuses? to|not allowed to)", 0.4),
    cue(r"(?:not|never|hardly|isn't|aren't) (?:really |quite |exactly |at all |that |so )*(?:comfortable|convinced|sure|sold|ready|interested|happy|thrilled|a fan|ideal)", 0.4),
    cue(r"(?:don't|do not|doesn't|didn't) (?:really |think |see |know (?:that |if |how |why )?|want|need|have|fit|work|make sense|support|scale|love|like)", 0.3),
    cue(r"too (?:expensive|much|high|long|complicated|complex|slow|risky|late|early|hard|steep|many|little|rigid)", 0.6),
    cue(r"(?<!far as i'm )(?<!far as we're )(?:concern|worr|hesita|skeptic|sceptic|nervous|reluctan|push(?:ing)? ?back|reservation|red flag|uncomfortabl)\w*", 0.6),
    cue(r"(?:problem|issue|trouble|thing|catch|challenge) (?:is|with|for us)|the only thing|my (?:question|fear|issue) is", 0.3),
    cue(r"(?:we've|we|they've|they) (?:already|still) (?:have|got|pay|use|own|bought)|already (?:pay|paid|have|in the contract)", 0.5),
    cue(r"(?:budget|hiring|spending) (?:is )?(?:freeze|frozen|gone|spent|cut|tight)|on a freeze|no budget|out of budget|over budget|not in the budget", 0.7),
    cue(r"(?:can't|cannot|hard to|difficult to) justify|hard sell|sticker shock|cheaper|half the price|steep|pricey|expensive", 0.6),
    cue(r"burned|got burnt|bad experience|last time|tried (?:that|this|it|a thing like that)|didn't (?:work|go well)|heard that before|said that (?:about|last)", 0.4),
    cue(r"why (?:would|should) (?:we|i)|what happens (?:if|when)|who (?:gets called|do we call|picks up|pays)|what if", 0.4),
    cue(r"(?:sign|signs|signed) off|until (?:we|they|legal|security|it|the)|unless|nothing before|not before|after the (?:summer|holidays|quarter)", 0.3),
    cue(r"(?:don't|do not|doesn't|haven't|hasn't|won't|wouldn't) (?:\w+ )?(?:have|got|get) (?:\w+ ){0,2}(?:time|people|hands|hours|days|bandwidth|resources?|capacity|budget|money|staff|appetite)", 0.6),
    cue(r"(?:isn't|aren't|not|n't) (?:going to|gonna) (?:\w+ )?(?:log|learn|change|switch|give|let|like|want|accept|approve|agree|go|buy|pay|sign|move|happen|fly)|(?:won't|wouldn't|not) (?:go for|stand for|put up with|hear of|touch|agree|accept)", 0.6),
    cue(r"(?:need|want|expect|looking for|ask(?:ed|ing)? for|usually ask for|have to have)(?: \w+){0,3} (?:\d+ ?(?:%|percent)|percent|off|discount|net (?:\d+|thirty|sixty|ninety)|lower|better price|out clause|cap|exit)", 0.5),
    cue(r"lock(?:ed)?[- ]in|commit to|rip and replace|start over|go through that again|(?:another|one more|yet another) (?:system|tool|vendor|platform|portal|login|app|migration|project|rollout|password|screen|thing to)", 0.4),
)  # fmt: skip
_TOPICS = (
    cue(r"pric(?:e|es|ed|ing)|costs?|expensive|pricey|budget|dollars?|\$[\d,.]+|discounts?|cheaper|fees?|free|pay|paying|paid|invoices?|afford|net \d+", 0.3, "pricing"),
    cue(r"security|sso|single sign-on|gdpr|soc ?2|compliance|privacy|penetration test|questionnaire|data (?:residency|protection)|encrypt\w*", 0.3, "security"),
    cue(r"legal|procurement|contracts?|terms|liability|clause|redlines?|lawyers?", 0.3, "legal"),
    cue(r"integrat\w+|apis?|erp|wms|crm|connectors?|migrat\w+|sync|build|interfaces?|talk to \w+", 0.3, "integration"),
    cue(r"freeze|quarter|summer|year|months?|weeks?|timing|later|bandwidth|busy|season|holidays|january|february|march|april|june|july|august|september|october|november|december", 0.2, "timing"),
    cue(r"adopt\w*|train\w*|learn\w*|install|app|apps|portals?|passwords?|drivers?|users?|people|team|change|go-live|roll ?out|staff", 0.2, "adoption"),
    cue(r"support|breaks?|outage|downtime|weekends?|saturdays?|sundays?|voicemail|on call|response time", 0.3, "support"),
    cue(r"approv\w+|board|cfo|ceo|boss|sign|committee|decision|finance", 0.2, "authority"),
    cue(r"feature|roadmap|missing|limit\w*|fit|workflow|handle", 0.2, "fit"),
)  # fmt: skip
_PAIN = (
    cue(r"pain(?:ful|s)?|nightmare|chaos|mess|disaster|headaches?|struggl\w+|frustrat\w+|annoy\w*|angry|yelled?|upset|hate[ds]?|worst|terrible|awful|stress\w*|burn(?:ed|t) out", 0.5),
    cue(r"los(?:e|es|t|ing)|wast(?:e|ed|es|ing)|cost (?:us|me)|costing|overtime|penalt\w+|fines?|write-?offs?|charge-?backs?|detention", 0.4),
    cue(r"manual(?:ly)?|by hand|spreadsheets?|whiteboard|paper|sticky notes?|copy(?:ing)? and past\w+|re-?typ\w+|chas(?:e|ing)", 0.4),
    cue(r"sitting|stuck|waiting|wait|delay\w*|late|backlog|bottleneck|slow|behind|queue\w*|jam\w*", 0.3),
    cue(r"br(?:eak|eaks|oke|oken)|fail\w*|crash\w*|went down|goes down|miss(?:ed|es|ing)?|errors?|mistakes?|wrong|reject\w*|duplicat\w*", 0.3),
    cue(r"nobody (?:knows|answers|knew|looks)|no (?:way of knowing|visibility|idea)|can't (?:see|find|tell|track|keep up|trust)|don't (?:know where|trust)", 0.5),
    cue(r"quit|leav(?:e|es|ing)|complain\w*|churn\w*|turnover", 0.3),
)  # fmt: skip
_SITUATION = (
    cue(r"(?:we|i)(?:'ve got| have| run| runs| use| used| operate| process| ship| sell| own| manage| work with| moved| switched| bought| went live| implemented| do (?:our|all))", 0.4),
    cue(r"(?:he|she|they) (?:runs?|owns?|manages?|handles?|leads?|uses?)|(?:runs?|owns?|manages?) (?:our|the|it)", 0.3),
    cue(r"our (?:team|teams|company|business|process|system|systems|stack|setup|customers|buildings|sites|warehouses?|vendor|provider|contract)", 0.2),
    cue(r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?) (?:\w+ )?(?:people|employees|reps|agents|sites?|buildings?|stores?|users|seats|doors|offices|locations|countries|warehouses?|branches|customers|orders|calls|tickets|trucks|years|centers|mills)", 0.4),
    cue(r"today|currently|right now|at the moment|these days|as of now|so far|since \d{4}|last year", 0.2),
    cue(r"we're (?:all|a|an|on|in|at|mostly|about|based|using|running)|we are (?:a|an|on|in|at|based|using|running)", 0.3),
)  # fmt: skip
_PRICES = (
    cue(r"pric(?:e|es|ed|ing)|quot(?:e|ed|ation)|list price|rate card|discount\w*|cheaper|expensive", 0.4),
    cue(r"[$€£] ?\d[\d,.]*\w*|\d[\d,.]* ?(?:dollars|euros|pounds|bucks)|\d[\d,.]*k", 0.3),
    cue(r"(?:an?|per|each|every) (?:seat|user|head|license|licence|site|store|truck|month|year|unit|call|location)|annually", 0.2),
    cue(r"(?:cost|costs|charg\w+|fees?|licen[sc]es?|subscription|invoice\w*|net (?:\d+|thirty|sixty|ninety)|payment terms|up ?front|budget)", 0.3),
    cue(r"(?:\d+|five|ten|fifteen|twenty|thirty) ?(?:%|percent) (?:off|discount|less|cheaper|increase|uplift)", 0.4),
)  # fmt: skip
_RISKS = (
    cue(r"(?:budget|hiring|spending|headcount) (?:is |was |got |has been )?(?:freeze|frozen|gone|cut|tight|on hold|under review)|on a freeze|no budget|lay-?offs?|cost[- ]cutting", 0.6, "budget"),
    cue(r"(?:push(?:ed|ing)?|slip(?:ped|ping|s)?|moved?|delay\w*|postpone\w*)(?: (?:it|this|that|the \w+|things))? (?:back|out|until|into|to (?:next|the (?:fall|spring|summer|winter)|q\d))|on hold|not (?:this|until) (?:year|quarter|next)|back ?burner|not a priority", 0.5, "timing"),
    cue(r"(?:'s|'re|'m| is| are| was|been) (?:leaving|retiring|resigning|moving on)|(?:quit|resigned|retired|left (?:us|the (?:company|business|team)))|last day|(?:a|our|the|their) new (?:boss|ceo|cfo|cio|coo|vp|director|manager)|reorg\w*|restructur\w*|(?:been|being|got|were|was) acquired|merger", 0.4, "people"),
    cue(r"(?:not|n't) (?:renew\w*|extend)|cancel\w*|terminat\w+|switch(?:ing)? (?:to|away|back)|walk(?:ing)? away|opt[- ]out|go(?:ing)? (?:with|back to) (?:somebody|someone|another|the other)|end the contract", 0.6, "leaving"),
    cue(r"(?:looking at|talking to|evaluating|comparing|considering|shortlist\w*|demo from|pilot with) (?:\w+ ){0,2}(?:others?|vendors?|options?|alternatives?|competitors?|providers?)|second quote|out to (?:bid|tender)|\brfp\b", 0.5, "alternatives"),
    cue(r"(?:not|isn't|n't) (?:my|our) (?:call|decision)|(?:needs?|have|has) to (?:approve|sign off|go to|go through|ask|convince|run it by)|(?:board|cfo|ceo|procurement|legal) (?:\w+ )?(?:won't|hasn't|has not|didn't|said no|is not|isn't|needs|wants)", 0.4, "authority"),
    cue(r"(?:still|again|keeps?) (?:\w+ )?(?:broken|down|failing|late|waiting|not working|doesn't work|crash\w*)|lost (?:trust|confidence|patience)|fed up|last straw|escalat\w+|breach\w*|unacceptable", 0.5, "delivery"),
    cue(r"risk\w*|worr(?:y|ied|ies|ying)|(?<!far as i'm )(?<!far as we're )concern\w*|afraid (?:of|that|we|it|they)|nervous|exposed|deal ?breaker|showstopper", 0.4, "concern"),
)  # fmt: skip
_AMOUNT = cue(
    r"\$ ?\d[\d,.]*|\d+ (?:hours?|minutes?|days?|percent|%)|(?:half|a third|a quarter|most) of|every (?:day|week|month|time|single)",
    0.2,
)
_OWN = cue(r"we|we've|we're|our|us|my|i|i'm|i've", 0.1)
ABOUT = "about_"
THRESHOLD = 0.4
"""Low on purpose: callers rank by confidence and keep as many as they have room for."""


@dataclass(frozen=True, slots=True)
class Signal:
    """How strongly a sentence sounds like something; `detail` is what it is about."""

    confidence: float
    detail: str


def objection_in(sentence: str) -> Signal | None:
    """Resistance to buying, with its topic ("pricing", "security", "adoption", …; "other" where none is heard)."""
    resistance = score(sentence, _RESISTANCE)
    topic = strongest(sentence, _TOPICS)
    return (
        _signal(resistance + (topic.weight if topic else 0.0), topic.name if topic else "other") if resistance else None
    )


def resistance_in(sentence: str) -> Iterator[tuple[str, float]]:
    """What resistance is heard by words that are known for it, all of it as `resists` and each cue and topic by name."""
    plain = sentence.replace("’", "'")
    heard = [(place, one.weight) for place, one in enumerate(_RESISTANCE) if one.pattern.search(plain)]
    yield "resists", sum(weight for _, weight in heard)
    yield from ((f"resists_{place}", 1.0) for place, _ in heard)
    yield from ((f"{ABOUT}{one.name}", 1.0) for one in _TOPICS if one.pattern.search(plain))


def topic_in(text: str) -> str | None:
    """What a text about an objection is about, as `objection_in` names it; None where no topic is heard."""
    topic = strongest(text, _TOPICS)
    return topic.name if topic else None


def risk_in(sentence: str) -> Signal | None:
    """Something that may cost the deal or the customer, with its topic ("budget", "timing", "leaving", "concern", …)."""
    topic = strongest(sentence, _RISKS)
    return _signal(score(sentence, _RISKS), topic.name) if topic else None


def pricing_in(sentence: str) -> Signal | None:
    """What something costs, or would: a price with a figure is surer than talk of prices."""
    return _signal(score(sentence, _PRICES), "pricing")


def pain_in(sentence: str) -> Signal | None:
    """Something that hurts today."""
    hurt = score(sentence, _PAIN)
    return _signal(hurt + score(sentence, (_AMOUNT, _OWN)), "pain") if hurt else None


def situation_in(sentence: str) -> Signal | None:
    """How things are on the speaker's side: size, people, systems, the way it is done today."""
    return _signal(score(sentence, _SITUATION), "situation")


def _signal(reached: float, detail: str) -> Signal | None:
    return Signal(min(0.9, reached), detail) if reached >= THRESHOLD - 1e-9 else None
