"""Short conversations to index."""

from collections.abc import Sequence

from memory.transcripts.model import Speaker, Transcript, Turn


def conversation(name: str, said: Sequence[tuple[str, str]]) -> Transcript:
    """A transcript of (speaker, words) pairs, five seconds a turn; whoever is called Anna sells, the others buy."""
    names = dict.fromkeys(speaker for speaker, _ in said)
    return Transcript(
        id=name,
        title=f"Call about {name}",
        speakers=tuple(Speaker(id=n, name=n, role="seller" if n.startswith("Anna") else "buyer") for n in names),
        turns=tuple(Turn(i, speaker, words, start_ms=i * 5000) for i, (speaker, words) in enumerate(said)),
    )


PRICE = conversation(
    "price",
    [
        ("Anna Meyer", "Thanks for coming back to us about the renewal."),
        ("Ben Ode", "Mm-hm."),
        (
            "Ben Ode",
            "The price of the renewal is too high for us. Our finance team wants 10 percent off before they sign.",
        ),
        ("Anna Meyer", "I will send a revised quote for the renewal by Friday."),
        ("Ben Ode", "Yeah, right."),
    ],
)
ROUTES = conversation(
    "routes",
    [
        ("Anna Meyer", "How do the drivers plan their routes today?"),
        ("Cleo Ng", "Drivers plan routes by hand every morning, and the dispatcher corrects their mistakes."),
        ("Cleo Ng", "It takes two hours before the first truck leaves the yard."),
    ],
)
