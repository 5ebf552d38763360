"""The tools of `sophia-business-intelligence` that read the CRM and plan changes of it. None of them writes to it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp_types import ToolAnnotations
from pydantic import Field

from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.identity import Label, Principal
from core.plans import Plan
from memory.crm.base import Crm
from memory.crm.citable import titled
from memory.crm.records import Account, Contact, Deal, Record, StageChange, Status
from memory.crm.values import editable, kind_of
from models.evidence import highest
from tools.crm.changes.people import is_known
from tools.crm.changes.planning import plan_of_contact, plan_of_edit, plan_of_note
from tools.crm.changes.reading import Proposals, Proposed
from tools.crm.changes.stages import Pipeline
from tools.crm.finding import Directory, Found
from tools.crm.twins import twins
from tools.servers.crm_results import (
    CrmChanges,
    CrmRecord,
    CrmRecords,
    DealList,
    Duplicates,
    PlannedCrm,
    PlannedEdit,
    Twins,
)
from tools.servers.desk import Desk
from tools.servers.principals import PrincipalOf, tells_why

APPROVER = "approve"
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False)
ASKS = ToolAnnotations(read_only_hint=False, idempotent_hint=False, destructive_hint=False, open_world_hint=False)
Ctx = Context[Any, Any]
AccountName = Annotated[
    str | None,
    Field(description="The account's name as the CRM has it, or its id", json_schema_extra={"x-entity": "account"}),
]
DealName = Annotated[
    str | None, Field(description="Only this open deal, by its name or id: where the account has several open")
]
CallId = Annotated[
    str | None, Field(description="Only what this call says, by its id", json_schema_extra={"x-entity": "call"})
]
Table = Annotated[Literal["deals", "accounts", "contacts"], Field(description="Which kind of record")]
RecordId = Annotated[str, Field(description="The record's id, from find_crm_records")]
Submit = Annotated[
    bool, Field(description="Whether to put the plan before those who may approve it; else it is only shown")
]


class CrmTools:
    """The tools; each asks `principal_of` first. `today` is the company's day."""

    def __init__(
        self,
        crm: Crm,
        directory: Directory,
        proposals: Proposals,
        desk: Desk,
        principal_of: PrincipalOf,
        today: Callable[[], date],
    ) -> None:
        self._crm, self._directory, self._proposals = crm, directory, proposals
        self._desk, self._principal_of, self._today = desk, principal_of, today

    async def find_crm_records(
        self,
        about: Annotated[str, Field(description="Words that name deals, accounts or contacts")],
        context: Ctx,
    ) -> CrmRecords:
        """Reads what the CRM holds on the records that the words name; an account stands for its open deals too."""
        named = await self._directory.named(about, self._principal_of(context))
        records = tuple(_record(one) for one in named.all)
        return CrmRecords(label=str(named.label), records=records, known=named.known)

    async def crm_changes(
        self, context: Ctx, call: CallId = None, account: AccountName = None, deal: DealName = None
    ) -> CrmChanges:
        """Proposes changes of the CRM from calls: stage, amount, close date, next step, competitor, new contacts, each with
        the words it rests on. Where the CRM was changed since, both sides are shown as a conflict.
        """
        return CrmChanges.of(await self._proposed(self._principal_of(context), call, account, deal))

    async def crm_conflicts(self, context: Ctx, account: AccountName = None) -> CrmChanges:
        """Lists the fields of which the CRM and calls say different things, and the CRM was changed since: a person decides."""
        found = await self._proposed(self._principal_of(context), None, account, None)
        return CrmChanges.of(found, changes=[one for one in found.changes if one.conflict])

    async def plan_crm_changes(
        self,
        context: Ctx,
        call: CallId = None,
        account: AccountName = None,
        deal: DealName = None,
        fields: Annotated[
            list[str] | None,
            Field(description="Only these fields; one with a conflict is planned only when it is named here"),
        ] = None,
        submit: Submit = False,
    ) -> CrmChanges:
        """Plans the changes that calls give reason for. Nothing is written: the plan waits for whoever may approve it."""
        principal = self._principal_of(context)
        found = await self._proposed(principal, call, account, deal)
        try:
            plan = await self._proposals.plan(found, fields, principal)
        except ConflictError:
            return CrmChanges.of(found)
        return CrmChanges.of(found, await self._planned(plan, principal, submit=submit))

    async def plan_crm_edit(
        self,
        table: Table,
        record: RecordId,
        values: Annotated[
            dict[str, str | int | None],
            Field(
                description="Fields and what they should read: amounts as text, days as YYYY-MM-DD, null to empty one"
            ),
        ],
        context: Ctx,
        submit: Submit = False,
    ) -> PlannedEdit:
        """Plans a change of one record as somebody asks for it. Nothing is written: the plan waits for its approval."""
        principal = self._principal_of(context)
        found = await self._one(table, record, principal)
        plan = plan_of_edit(found, values, await self._statuses(found, principal), self._today())
        return await self._edit(found, plan, principal, submit=submit)

    async def plan_crm_note(
        self,
        table: Table,
        record: RecordId,
        text: Annotated[str, Field(min_length=1, max_length=4000, description="What the note says")],
        context: Ctx,
        submit: Submit = False,
    ) -> PlannedEdit:
        """Plans a note on a record, in the words of whoever asks. Nothing is written: the plan waits for its approval."""
        principal = self._principal_of(context)
        found = await self._one(table, record, principal)
        plan = plan_of_note(found, text, self._today(), principal.user)
        return await self._edit(found, plan, principal, submit=submit)

    async def plan_crm_contact(
        self,
        account: Annotated[str, Field(description="The account's id, from find_crm_records")],
        name: Annotated[str, Field(min_length=3, max_length=200, description="First and last name")],
        context: Ctx,
        title: Annotated[str | None, Field(description="What the person does there")] = None,
        submit: Submit = False,
    ) -> PlannedEdit:
        """Plans a new contact of an account. ConflictError where it probably has that contact already."""
        principal = self._principal_of(context)
        found = await self._one("accounts", account, principal)
        assert isinstance(found, Account)
        contacts = [one for one in await self._crm.find(Contact, principal) if one.account == found.id]
        if is_known(name, contacts):
            raise ConflictError(f"{found.name} has {name!r} as a contact already, or somebody whose name is much alike")
        return await self._edit(found, plan_of_contact(found, name, title), principal, submit=submit)

    async def crm_duplicates(self, context: Ctx, account: AccountName = None) -> Duplicates:
        """Lists contacts who are probably one person. Nothing is merged."""
        principal = self._principal_of(context)
        accounts = {one.id: one for one in await self._crm.find(Account, principal)}
        wanted = {one.id for one in accounts.values() if account is None or account in (one.id, one.name)}
        contacts = [one for one in await self._crm.find(Contact, principal) if account is None or one.account in wanted]
        found = [
            Twins(
                label=str(_told_by(same, accounts)),
                records=tuple(CrmRecord.of(one, title=one.name, account=_name(one, accounts)) for one in same),
                why=why,
            )
            for same, why in twins(contacts)
        ]
        return Duplicates(label=str(_told_by(contacts, accounts)), twins=tuple(found), looked_at=len(contacts))

    async def list_crm_deals(
        self,
        context: Ctx,
        owner: Annotated[
            str | None, Field(description="Only those of this seller", json_schema_extra={"x-entity": "rep"})
        ] = None,
        without: Annotated[str | None, Field(description="Only those in which this field is empty")] = None,
        overdue: Annotated[bool, Field(description="Only those whose close date has gone by")] = False,
        stage: Annotated[str | None, Field(description="Only those in this stage")] = None,
        limit: Annotated[int, Field(ge=1, le=100, description="At most so many")] = 20,
    ) -> DealList:
        """Lists open deals by close date: of a seller, in a stage, with a field that is empty, or past their close date."""
        principal, today = self._principal_of(context), self._today()
        if without is not None and without not in editable(Deal):
            raise InvalidInputError(f"Deals have no field {without!r}: there are {', '.join(sorted(editable(Deal)))}")
        accounts = {one.id: one for one in await self._crm.find(Account, principal)}
        deals = [
            deal
            for deal in await self._crm.find(Deal, principal)
            if deal.status is Status.OPEN
            and (owner is None or (deal.owner or "").casefold() == owner.casefold())
            and (stage is None or deal.stage.casefold() == stage.casefold())
            and (without is None or getattr(deal, without) is None)
            and (not overdue or (deal.expected is not None and deal.expected < today))
        ]
        ordered = sorted(deals, key=lambda deal: (deal.expected or date.max, deal.id))
        shown = tuple(CrmRecord.of(deal, title=titled(deal), account=_name(deal, accounts)) for deal in ordered[:limit])
        return DealList(label=str(_told_by(deals, accounts)), deals=shown, found=len(deals))

    async def _edit(self, record: Record, plan: Plan, principal: Principal, *, submit: bool) -> PlannedEdit:
        planned = await self._planned(plan, principal, submit=submit)
        account = getattr(record, "account", None)
        accounts = {one.id: one for one in await self._crm.find(Account, principal, [account] if account else [])}
        shown = CrmRecord.of(record, title=titled(record), account=_name(record, accounts))
        return PlannedEdit(label=str(_told_by([record], accounts)), record=shown, planned=planned)

    async def _proposed(
        self, principal: Principal, call: str | None, account: str | None, deal: str | None
    ) -> Proposed:
        today = self._today()
        if call is not None:
            return await self._proposals.of_call(call, principal, today, deal)
        if account is not None:
            return await self._proposals.of_account(account, principal, today, deal)
        if deal is not None:
            return await self._proposals.of_deal(deal, principal, today)
        return await self._proposals.of_all(principal, today)

    async def _planned(self, plan: Plan, principal: Principal, *, submit: bool) -> PlannedCrm:
        submitted = await self._desk.submit(plan, APPROVER, principal) if submit else None
        return PlannedCrm.of(plan, APPROVER, submitted)

    async def _one(self, table: str, record: str, principal: Principal) -> Record:
        found = await self._crm.find(kind_of(table), principal, [record])
        if not found:
            raise NotFoundError(f"No record {record!r} of {table} that you may read: find_crm_records tells ids")
        return found[0]

    async def _statuses(self, record: Record, principal: Principal) -> Mapping[str, Status]:
        """The stages of a deal's pipeline, and what they mean."""
        if not isinstance(record, Deal):
            return {}
        deals = [one for one in await self._crm.find(Deal, principal) if one.pipeline == record.pipeline]
        changes: defaultdict[str, list[StageChange]] = defaultdict(list)
        for change in await self._crm.find(StageChange, principal):
            changes[change.deal].append(change)
        return Pipeline(deals, changes).status


def add_crm_tools(server: MCPServer[Any], crm: CrmTools) -> None:
    """Adds the tools to a server."""
    for tool in (
        crm.find_crm_records,
        crm.list_crm_deals,
        crm.crm_changes,
        crm.crm_conflicts,
        crm.crm_duplicates,
    ):
        server.add_tool(tells_why(tool), annotations=READS)
    for planning in (crm.plan_crm_changes, crm.plan_crm_edit, crm.plan_crm_note, crm.plan_crm_contact):
        server.add_tool(tells_why(planning), annotations=ASKS)


def _record(found: Found) -> CrmRecord:
    return CrmRecord.of(found.record, title=found.title, account=found.account)


def _name(record: Record, accounts: Mapping[str, Account]) -> str | None:
    """The name of the record's account, which the record is told by."""
    account = accounts.get(getattr(record, "account", None) or "")
    return account.name if account else None


def _told_by(records: Sequence[Record], accounts: Mapping[str, Account]) -> Label:
    """The label of records together with the names of their accounts."""
    named = {str(getattr(record, "account", None)) for record in records} & accounts.keys()
    return highest([*(record.label for record in records), *(accounts[id_].label for id_ in named)])
