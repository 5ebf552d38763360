"""What answers rest on, and whether somebody may read it now: rights are looked at anew each time an answer is read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.base import Finding
from core.identity import Label, Principal
from memory.citable import Shelf
from models.evidence import highest


@dataclass(frozen=True, slots=True)
class Basis:
    """What a text was made from: the highest label, the documents, and which version of those that it quotes."""

    label: Label
    documents: frozenset[str]
    quoted: frozenset[tuple[str, str]]

    def admits(self, principal: Principal, readable: Mapping[str, Collection[str]]) -> bool:
        """Whether the principal may read the text; `readable` has the versions of documents that he may read."""
        return (
            self.label <= principal.clearance
            and self.documents <= readable.keys()
            and all(version in readable.get(document, ()) for document, version in self.quoted)
        )


def basis_of_line(payload: Mapping[str, Any]) -> Basis:
    """What a sentence or an answer of a run's log rests on."""
    quoted = frozenset((source["document"], source["content_hash"]) for source in payload["sources"])
    label = Label.parse(payload["label"]) if "label" in payload else Label.PUBLIC
    return Basis(label, frozenset(payload.get("documents", ())), quoted)


def basis_of_findings(findings: Sequence[Finding]) -> Basis:
    """What is written from the findings rests on all that they hold."""
    return Basis(
        highest([finding.label for finding in findings]),
        frozenset(document for finding in findings for document in finding.documents),
        frozenset((source.document, source.content_hash) for finding in findings for source in finding.sources),
    )


async def admitted(documents: Shelf, principal: Principal, bases: Sequence[Basis]) -> list[bool]:
    """For each basis, whether the principal may read now what rests on it: never once a document of it was deleted."""
    named = {document for basis in bases for document in basis.documents}
    named |= {document for basis in bases for document, _ in basis.quoted}
    readable = await documents.readable(named, principal) if named else {}
    return [basis.admits(principal, readable) for basis in bases]
