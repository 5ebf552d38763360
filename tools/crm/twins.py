"""Contacts who are probably one person: nobody is merged, somebody should look."""

from collections.abc import Iterator, Sequence

from memory.crm.records import Contact

PHONE = 9
"""So many last digits tell telephone numbers apart, with or without the code of a country."""
EMAIL, NAME, NUMBER = (
    "the same email address",
    "the same name at one account",
    "the same telephone number and family name",
)


def twins(contacts: Sequence[Contact]) -> Iterator[tuple[tuple[Contact, ...], str]]:
    """Each group of contacts who are probably one person, and what they share."""
    alike: dict[tuple[str, ...], list[Contact]] = {}
    for contact in contacts:
        for sign in _signs(contact):
            alike.setdefault(sign, []).append(contact)
    told: set[tuple[str, ...]] = set()
    for (why, *_), found in alike.items():
        ids = tuple(sorted(contact.id for contact in found))
        if len(found) > 1 and ids not in told:
            told.add(ids)
            yield tuple(found), why


def _signs(contact: Contact) -> Iterator[tuple[str, ...]]:
    """What hardly two people share: an email address; a name at an account; a telephone number with a family name."""
    if contact.email:
        yield EMAIL, contact.email.casefold()
    if contact.account:
        yield NAME, contact.account, contact.name.casefold()
    digits = "".join(one for one in contact.phone or "" if one.isdigit())[-PHONE:]
    if len(digits) == PHONE:
        yield NUMBER, digits, contact.name.casefold().split()[-1]
