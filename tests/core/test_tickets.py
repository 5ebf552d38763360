"""A ticket stands for a principal only while its call runs."""

import pytest

from core.errors import UnauthenticatedError
from core.identity import Principal
from core.tickets import Tickets

ANNA = Principal("acme", "anna")


def test_a_ticket_in_use_names_its_principal() -> None:
    tickets = Tickets()
    with tickets.issued(ANNA) as ticket:
        assert tickets.principal(ticket) == ANNA


def test_a_ticket_that_was_kept_is_worth_nothing() -> None:
    tickets = Tickets()
    with tickets.issued(ANNA) as ticket:
        pass
    with pytest.raises(UnauthenticatedError):
        tickets.principal(ticket)


@pytest.mark.parametrize("forged", [None, "", "acme/anna", {"tenant": "acme", "user": "anna"}, 7])
def test_claims_are_no_ticket(forged: object) -> None:
    tickets = Tickets()
    with tickets.issued(ANNA), pytest.raises(UnauthenticatedError):
        tickets.principal(forged)


def test_a_ticket_cannot_be_read_off_the_registry_when_it_is_printed() -> None:
    tickets = Tickets()
    with tickets.issued(ANNA) as ticket:
        assert ticket not in repr(tickets)
