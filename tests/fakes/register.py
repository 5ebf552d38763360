"""Documents' rows in memory."""

from collections.abc import Collection, Mapping

from memory.retrieval.access import Standing


class FakeRegister:
    """Says what the test wrote; `asked` counts look-ups."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Standing] = {}
        self.asked = 0

    async def standing(self, tenant: str, documents: Collection[str]) -> Mapping[str, Standing]:
        self.asked += 1
        return {document: self.rows[tenant, document] for document in documents if (tenant, document) in self.rows}
