"""The HTTP client of the command line."""

import base64
import json
import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from pydantic import TypeAdapter

from api.owner import Owner
from api.runs.run import Event
from core.errors import InvalidInputError, UnavailableError, revived
from tools.crm.mapping import Mapping as CrmMapping
from tools.crm.report import Report

REPORT = TypeAdapter(Report)


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks to a Sophia server; a problem answer is raised as the error it stands for."""

    http: httpx2.AsyncClient

    async def ask(
        self, question: str, *, thread: str | None = None, calls: Sequence[str] = (), within_s: float | None = None
    ) -> AsyncGenerator[Event]:
        """The run's events as they come."""
        body = {"question": question, "thread": thread, "calls": list(calls), "deadline_s": within_s}
        async with self.http.stream("POST", "/v1/chat", json=body, headers={"Accept": "text/event-stream"}) as response:
            if response.status_code >= 400:
                await response.aread()
                _check(response)
            async for event in _events(response.aiter_lines()):
                yield event

    async def upload(self, file: Path, content: bytes, *, label: str, readers: Sequence[str]) -> list[dict[str, Any]]:
        """Ingests one file's content. Characters that its path cannot be sent with are replaced."""
        name, folder = (os.fsencode(part).decode(errors="replace") for part in (file.name, file.parent.resolve()))
        query = {"name": name, "folder": folder, "label": label, "readers": list(readers)}
        found: list[dict[str, Any]] = await self._send("POST", "/v1/documents", params=query, content=content)
        return found

    async def import_crm(
        self, files: Mapping[str, bytes], mapping: CrmMapping, *, label: str, dry_run: bool = False
    ) -> Report:
        """Imports CRM data as the mapping says."""
        named = [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files.items()]
        how = {"mapping": mapping.model_dump(mode="json", by_alias=True), "label": label, "dry_run": dry_run}
        return REPORT.validate_python(await self._send("POST", "/v1/crm/imports", json={"files": named, **how}))

    async def crm_changes(
        self, *, call: str | None, account: str | None, deal: str | None, fields: Sequence[str], submit: bool
    ) -> dict[str, Any]:
        """What calls give reason to change in the CRM, and the plan of it; submitted, it waits for its approval."""
        wanted = {"call": call, "account": account, "deal": deal, "fields": list(fields) or None, "submit": submit}
        planned: dict[str, Any] = await self._send("POST", "/v1/crm/changes", json=wanted)
        return planned

    async def add_key(self, user: str, roles: Sequence[str], groups: Sequence[str], clearance: str) -> str:
        """A new API key."""
        body = {"user": user, "roles": list(roles), "groups": list(groups), "clearance": clearance}
        created = await self._send("POST", "/v1/keys", json=body)
        return str(created["key"])

    async def holders(self) -> list[dict[str, Any]]:
        """Who holds keys, with their rights."""
        found: list[dict[str, Any]] = await self._send("GET", "/v1/keys")
        return found

    async def revoke(self, user: str) -> int:
        """Ends every key of the user; how many that were."""
        return int((await self._send("DELETE", f"/v1/keys/{_path(user)}"))["revoked"])

    async def documents(self) -> list[dict[str, Any]]:
        """The documents, newest first."""
        found: list[dict[str, Any]] = await self._send("GET", "/v1/documents")
        return found

    async def change_access(self, document: str, label: str | None, readers: Sequence[str]) -> dict[str, Any]:
        """Who may read the document from now on; None and no readers leave what is."""
        change = {"label": label, "readers": list(readers) or None}
        changed: dict[str, Any] = await self._send("PATCH", f"/v1/documents/{_path(document)}", json=change)
        return changed

    async def speakers(self, document: str) -> dict[str, Any]:
        """Who speaks in the document, and which names may be one person's."""
        found: dict[str, Any] = await self._send("GET", f"/v1/documents/{_path(document)}/speakers")
        return found

    async def join_speakers(self, document: str, names: Sequence[str], name: str) -> dict[str, Any]:
        """Makes several speakers of the document one; who speaks in it then."""
        same = {"names": list(names), "name": name}
        joined: dict[str, Any] = await self._send("POST", f"/v1/documents/{_path(document)}/speakers", json=same)
        return joined

    async def to_forget(self, document: str | None, person: str | None) -> list[dict[str, Any]]:
        """What there is of the document, or of each call in which the person speaks."""
        asked = {name: value for name, value in (("document", document), ("person", person)) if value is not None}
        found: list[dict[str, Any]] = await self._send("GET", "/v1/forgetting", params=asked)
        return found

    async def forget(self, document: str) -> dict[str, Any]:
        """Deletes the document and takes its words out of the data directory; what went."""
        gone: dict[str, Any] = await self._send("POST", "/v1/forgetting", json={"document": document})
        return gone

    async def delete_document(self, document: str) -> None:
        """Deletes the document with all its versions."""
        await self._send("DELETE", f"/v1/documents/{_path(document)}")

    async def run(self, run: str) -> dict[str, Any]:
        """A run with its answer."""
        found: dict[str, Any] = await self._send("GET", f"/v1/runs/{_path(run)}")
        return found

    async def cancel(self, run: str) -> None:
        """Calls a question off; ConflictError for one that has ended."""
        await self._send("POST", f"/v1/runs/{_path(run)}/cancel")

    async def threads(self) -> list[dict[str, Any]]:
        """The conversations, newest first."""
        found: list[dict[str, Any]] = await self._send("GET", "/v1/threads")
        return found

    async def thread(self, thread: str) -> dict[str, Any]:
        """A conversation with its runs in order."""
        found: dict[str, Any] = await self._send("GET", f"/v1/threads/{_path(thread)}")
        return found

    async def delete_thread(self, thread: str) -> None:
        """Deletes a conversation; ConflictError while a run of it has not ended."""
        await self._send("DELETE", f"/v1/threads/{_path(thread)}")

    async def source(self, source: str) -> dict[str, Any]:
        """What a citation points at, in its place."""
        found: dict[str, Any] = await self._send("GET", f"/v1/sources/{_path(source)}")
        return found

    async def make_briefing(self, audience: str, period: str, *, accept: str) -> str:
        """Makes a briefing; its text in the media type that is accepted."""
        body = {"audience": audience, "period": period}
        response = await self.http.post("/v1/briefings", json=body, headers={"Accept": accept})
        _check(response)
        return response.text

    async def approvals(self) -> list[dict[str, Any]]:
        """Plans that wait for a decision, and those that were decided."""
        found: list[dict[str, Any]] = await self._send("GET", "/v1/approvals")
        return found

    async def approval(self, approval: str) -> dict[str, Any]:
        """Exactly what will run."""
        found: dict[str, Any] = await self._send("GET", f"/v1/approvals/{_path(approval)}")
        return found

    async def decide(self, approval: str, what: str, **decision: Any) -> dict[str, Any]:
        """Decides about an approval: approve, edit, reject or settle; how it stands then."""
        decided: dict[str, Any] = await self._send("POST", f"/v1/approvals/{_path(approval)}/{what}", json=decision)
        return decided

    async def rules(self) -> list[dict[str, Any]]:
        """The standing rules."""
        found: list[dict[str, Any]] = await self._send("GET", "/v1/rules")
        return found

    async def make_rule(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """A new standing rule."""
        made: dict[str, Any] = await self._send("POST", "/v1/rules", json=rule)
        return made

    async def revoke_rule(self, rule: str) -> None:
        """Ends a standing rule."""
        await self._send("DELETE", f"/v1/rules/{_path(rule)}")

    async def ask_ledger(self, what: str, **asked: str | None) -> Any:
        """What `/v1/decisions<what>` says; what is None is not asked."""
        known = {name: value for name, value in asked.items() if value is not None}
        return await self._send("GET", f"/v1/decisions{what}", params=known)

    async def tell_ledger(self, what: str, told: Mapping[str, Any] | None, *, supersedes: str | None = None) -> Any:
        """Tells `/v1/decisions<what>` something, and returns what it made of it."""
        named = {"supersedes": supersedes} if supersedes else {}
        return await self._send("POST", f"/v1/decisions{what}", json=told, params=named)

    async def audit(self, after: int, most: int) -> list[dict[str, Any]]:
        """Lines of the audit log, oldest first."""
        found: list[dict[str, Any]] = await self._send("GET", "/v1/audit", params={"after": after, "most": most})
        return found

    async def verify_audit(self) -> int:
        """How many entries the audit log has; TamperedError when it is not as it was written."""
        return int((await self._send("GET", "/v1/audit/verify"))["entries"])

    async def _send(self, method: str, path: str, **request: Any) -> Any:
        response = await self.http.request(method, path, **request)
        _check(response)
        return response.json() if response.content else None


@asynccontextmanager
async def connect(owner: Owner) -> AsyncIterator[Client]:
    """A client to the server that owns the data directory; UnavailableError when it does not answer."""
    headers = {"Authorization": f"Bearer {owner.token}"}
    try:
        async with httpx2.AsyncClient(
            base_url=owner.url or "", headers=headers, timeout=httpx2.Timeout(30, read=None), trust_env=False
        ) as http:
            yield Client(http)
    except httpx2.TransportError as error:
        raise UnavailableError(f"The server at {owner.url} (process {owner.pid}) does not answer: {error}") from None


def _path(name: str) -> str:
    """The name as one segment of a path. InvalidInputError for an empty one, which would name all of its kind."""
    if not name.strip():
        raise InvalidInputError("An empty id names nothing: give one that the list shows")
    return quote(name, safe="")


def _check(response: httpx2.Response) -> None:
    if response.status_code < 400:
        return
    try:
        problem = response.json()
        error = revived(problem["code"], problem["detail"])
    except (ValueError, KeyError, TypeError):
        error = UnavailableError(f"The server answered {response.status_code}")
    raise error


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """Server-sent events from their lines; comments, which keep the connection alive, are skipped."""
    fields: dict[str, str] = {}
    async for line in lines:
        if line and not line.startswith(":"):
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif not line and "data" in fields:
            yield Event(int(fields.get("id", 0)), fields.get("event", "message"), json.loads(fields["data"]), at="")
            fields = {}
