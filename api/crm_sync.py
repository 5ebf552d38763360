"""The CRM of this installation as what approved plans change, and as what calls are held against."""

from collections.abc import Awaitable, Callable
from datetime import date

from api.platforms import ApprovalDesk
from api.security.keys import local_owner
from api.settings import Settings
from core.identity import Principal
from memory.company import Company
from memory.crm.store import EmbeddedCrm
from tools.crm.changes.reading import Proposals
from tools.crm.finding import Directory
from tools.crm.remote import CrmRemote
from tools.risks.reading import Books
from tools.servers.crm_tools import CrmTools
from tools.servers.principals import PrincipalOf


def crm_remote(settings: Settings, crm: EmbeddedCrm, resolve: Callable[[str], Awaitable[Principal]]) -> CrmRemote:
    """The embedded CRM, written under the rights of whoever approved."""
    return CrmRemote(crm, local_owner(settings.tenant), resolve)


def crm_tools(
    crm: EmbeddedCrm,
    books: Books,
    company: Company,
    desk: ApprovalDesk,
    principal_of: PrincipalOf,
    today: Callable[[], date],
) -> CrmTools:
    """The tools that read it and plan changes of it."""
    directory = Directory(crm, company.entities)
    return CrmTools(crm, directory, Proposals(books, crm, crm), desk, principal_of, today)
