"""`/v1/crm`: the CRM's data, how it gets there from files, and what calls give reason to change of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from api.bootstrap import Sophia
from api.security.http import asker, the_sophia
from api.security.keys import INGEST, require
from core.errors import InvalidInputError
from core.identity import Label, Principal
from tools.crm.importing import Terms, import_crm
from tools.crm.mapping import Mapping
from tools.crm.report import Report
from tools.servers.crm_results import CrmChanges

router = APIRouter(prefix="/v1/crm", tags=["crm"])
IMPORTS = f"{router.prefix}/imports"


class CrmFile(BaseModel):
    """A CSV file."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=300, description="By which the mapping calls the file")
    content: Base64Bytes


class CrmImport(BaseModel):
    """CRM data with the mapping that says what it is."""

    model_config = ConfigDict(extra="forbid")

    files: list[CrmFile] = Field(min_length=1, max_length=100)
    mapping: Mapping
    label: str | None = Field(default=None, description="Of all records [SOPHIA_DEFAULT_LABEL]")
    dry_run: bool = Field(default=False, description="Only report what would be imported")


@router.post("/imports")
async def import_(
    wanted: CrmImport, sophia: Annotated[Sophia, Depends(the_sophia)], principal: Annotated[Principal, Depends(asker)]
) -> Report:
    """Imports the files' rows as a confirmed mapping says. The same again changes nothing.

    Rows that cannot be read are refused one by one; a mapping that is not complete refuses everything.
    """
    require(principal, INGEST)
    files = {file.name: file.content for file in wanted.files}
    if len(files) < len(wanted.files):
        raise InvalidInputError("Two files have one name: a mapping tells files apart by their names")
    label = Label.parse(wanted.label or sophia.settings.default_label)
    terms = Terms(principal, label, sophia.today().date())
    report = await import_crm(files, wanted.mapping, terms, sophia.crm, dry_run=wanted.dry_run)
    if not wanted.dry_run:
        await sophia.figures.freshness.refresh()
    return report


class WantedChanges(BaseModel):
    """Which changes to plan: those of one call, of one account, of one deal, or of all; of these fields or of all without a conflict."""

    model_config = ConfigDict(extra="forbid")

    call: str | None = Field(default=None, description="Only what this call says, by its id")
    account: str | None = Field(default=None, description="Only this account, as the CRM names it")
    deal: str | None = Field(default=None, description="Only this open deal, by its name or id")
    fields: list[str] | None = Field(
        default=None, description="Only these; a change with a conflict is planned only when its field is named"
    )
    submit: bool = Field(default=False, description="Put the plan before those who may approve it")


@router.get("/changes")
async def changes(
    sophia: Annotated[Sophia, Depends(the_sophia)],
    principal: Annotated[Principal, Depends(asker)],
    call: Annotated[str | None, Query(description="Only what this call says, by its id")] = None,
    account: Annotated[str | None, Query(description="Only this account, as the CRM names it")] = None,
    deal: Annotated[str | None, Query(description="Only this open deal, by its name or id")] = None,
) -> CrmChanges:
    """What calls give reason to change, each with the words it rests on; where the CRM was changed since, both sides."""
    found = await sophia.tools.call(principal, "crm_changes", {"call": call, "account": account, "deal": deal})
    return CrmChanges.model_validate(found.structured)


@router.post("/changes")
async def plan_changes(
    wanted: WantedChanges,
    sophia: Annotated[Sophia, Depends(the_sophia)],
    principal: Annotated[Principal, Depends(asker)],
) -> CrmChanges:
    """Plans these changes. Nothing is written: a plan that is submitted waits for its approval.

    Without anything left to plan, `planned` is null. E_NOT_FOUND for a call, an account or an open deal that you may not read,
    E_INVALID_INPUT for a field of which no change is proposed.
    """
    found = await sophia.tools.call(principal, "plan_crm_changes", wanted.model_dump())
    return CrmChanges.model_validate(found.structured)
