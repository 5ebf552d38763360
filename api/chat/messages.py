"""What people wrote to Sophia, as texts of one turn that only their writer may open."""

from collections.abc import Collection

from api.runs.store import Runs
from core.errors import NotFoundError
from core.identity import Principal
from memory.decisions.told import CHAT
from memory.transcripts.model import Speaker, Transcript, Turn


class Messages:
    """The questions of runs as a shelf."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    async def readable(self, ids: Collection[str], principal: Principal) -> dict[str, set[str]]:
        """The one version of each of these messages that the principal wrote."""
        return {id_: {version} for id_, version in (await self.live(ids, principal)).items()}

    async def live(self, ids: Collection[str], principal: Principal) -> dict[str, str]:
        """The version of each of these messages that the principal wrote."""
        found: dict[str, str] = {}
        for id_ in ids:
            try:
                found[id_] = (await self.transcript(id_, principal)).content_hash
            except NotFoundError:
                continue
        return found

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """The message; NotFoundError for what the principal did not write."""
        run = await self._runs.run(document.removeprefix(CHAT), principal=principal)
        writer = Speaker("writer", principal.user)
        message = Transcript(
            id=document,
            title="A message to Sophia",
            speakers=(writer,),
            turns=(Turn(0, writer.id, run.question),),
            held=run.accepted_at,
        )
        if version not in (None, message.content_hash):
            raise NotFoundError(f"No document {document!r} in that version")
        return message
