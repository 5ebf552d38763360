"""`/v1/crm`: the CRM's data, and how it gets there from files."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from api.bootstrap import Sophia
from api.security.http import asker, the_sophia
from api.security.keys import INGEST, require
from core.errors import InvalidInputError
from core.identity import Label, Principal
from tools.crm.importing import Terms, import_crm
from tools.crm.mapping import Mapping
from tools.crm.report import Report

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
