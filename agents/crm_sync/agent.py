"""The CRM specialist: what the CRM holds comes from tools, and none of its nodes changes a record."""

from collections.abc import Mapping

from agents.by_intent import Gather, Specialist, build_by_intent
from agents.crm_sync import changes, plans, records
from agents.crm_sync.intents import Intent, intent_of

GATHERERS: Mapping[Intent, Gather] = {
    Intent.RECORD: records.record,
    Intent.LIST: records.deals,
    Intent.CHANGES: changes.changes,
    Intent.CONFLICTS: changes.conflicts,
    Intent.DUPLICATES: records.duplicates,
    Intent.EDIT: plans.edit,
    Intent.NOTE: plans.note,
    Intent.CONTACT: plans.contact,
    Intent.OTHER: plans.other,
}


def build_crm_sync() -> Specialist:
    """The compiled subgraph: takes `task`, returns `findings`."""
    return build_by_intent("crm_sync", GATHERERS, intent_of)
