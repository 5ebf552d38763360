"""Which words of a question or of a sentence carry content, and whom a question names.

Everyday English only: nothing here knows a trade, a company or a data set.
"""

import re
import threading
from collections.abc import Collection, Iterable
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")

#: Function words, and what people say while they think.
STOP_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
    a about above after again against ain't all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for
    from further had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself
    his how how's i i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself let's me more most mustn't my
    myself nor not of off on once only or other ought our ours ourselves out over own same shan't she she'd she'll
    she's should shouldn't so some such than that that'd that's the their theirs them themselves then there there's
    these they they'd they'll they're they've this those through to too under until up upon very was wasn't we we'd
    we'll we're we've were weren't what what's when when's where where's which while who who's whom whose why why's
    with won't would wouldn't you you'd you'll you're you've your yours yourself yourselves
    ah alright eh er erm gonna gotta hm hmm huh mhm mm nah no nope oh ok okay right uh uhm um wanna wow yeah yep yes
    actually basically get gets getting go goes going got guess just kind kinda know like lot mean maybe one quite
    really sort stuff thing things think well will
    """,
    )
)

#: Words with which a question asks, rather than what it asks about ("Summarize the discussion about ...").
QUESTION_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
    agree agreed answer ask asked asking asks attitude call calls comment comments concern concerning conclude concluded conclusion
    consider considered conversation decide decided decision describe described discuss discussed discussing
    discussion discussions elaborate elaborated explain explained feel give group main make mention mentioned meeting
    opinion opinions people please point points propose proposed put reason reasons recommend recommended regard
    regarding respect said say says speak suggest suggested summarise summarize summary talk talked talking team tell
    thought thoughts told toward towards view views
    """,
    )
)

_SPEAKING = (
    r"(?:says?|said|thinks?|thought|tells?|told|mentions?|mentioned|feels?|felt|answers?|answered|repl(?:y|ies|ied)"
    r"|explains?|explained|views?|opinions?|words|reactions?|react(?:s|ed)?|respon(?:ds?|ded|ses?))"
)
_TITLES = frozenset(re.findall(r"\S+", "mr mrs ms miss dr prof hon sir madam the"))

_stemmer = snowballstemmer.stemmer("english")
_stemming = threading.Lock()


def words(text: str) -> list[str]:
    """Lower-case words, in order."""
    return _WORD.findall(text.lower().replace("’", "'"))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word's stem (Snowball English); the stemmer keeps state, hence the lock."""
    with _stemming:
        stemmed: str = _stemmer.stemWord(word)
    return stemmed


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry content, in order and with repeats."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def asked_words(question: str) -> list[str]:
    """What a question asks about: its content words without those that only frame it, unless nothing else is left."""
    content = [word for word in words(question) if word not in STOP_WORDS]
    asked = [word for word in content if word not in QUESTION_WORDS]
    return list(dict.fromkeys(asked or content or words(question)))


def asked_stems(question: str) -> frozenset[str]:
    """The stems of what a question asks about."""
    return frozenset(stem(word) for word in asked_words(question))


def named_speakers(question: str, speakers: Iterable[str]) -> frozenset[str]:
    """The speakers a question names: those of whose name it has the largest share, at least half.

    Titles and what stands in brackets are no part of a name. One letter must stand in the question as it is written
    ("What did B think"), or every "a" would name somebody.
    """
    spoken = frozenset(words(question))
    written = frozenset(re.findall(r"\b[^\W\d_]\b(?!')", question))
    shares = {speaker: _share(name_words(speaker), spoken, written) for speaker in speakers}
    best = max(shares.values(), default=0.0)
    return frozenset(speaker for speaker, share in shares.items() if share == best and share >= 0.5)


def asks_for_words_of(question: str, speaker: str) -> bool:
    """Whether the question asks what this speaker says or thinks: "What did Anna say", and not "what did we tell Anna"."""
    names = "|".join(re.escape(word) for word in name_words(speaker))
    return (
        bool(names)
        and re.search(rf"\b(?:{names})(?:'s)?(?:\s+\w+){{0,2}}?\s+{_SPEAKING}\b", question, re.I) is not None
    )


def capitalised_stems(question: str) -> frozenset[str]:
    """Stems of the words written as names: with a capital, though they do not begin the question."""
    return frozenset(
        stem(word.lower()) for word in re.findall(r"(?<=\s)[^\W\d_a-z][^\W_]+", question) if word[0].isupper()
    )


def name_words(speaker: str) -> tuple[str, ...]:
    """The words of a name as it is written, without titles and brackets."""
    bare = re.sub(r"\(.*", " ", speaker)
    return tuple(word for word in re.findall(r"[^\W_]+", bare) if word.lower() not in _TITLES)


def _share(name: Collection[str], spoken: frozenset[str], written: frozenset[str]) -> float:
    found = sum(word in written if len(word) == 1 else word.lower() in spoken for word in name)
    return found / len(name) if name else 0.0
