"""The CRM specialist: what the CRM holds comes from tools, and none of its nodes changes a record."""

from collections.abc import Mapping

from agents.by_intent import Gather, Specialist, build_by_intent
from agents.crm_sync import changes, plans, records
from agents.crm_sync.intents import Intent, intent_of

GATHERERS: Mapping[Intent, Gather] = {
    Intent.RECORD: records.record,
    Intent.CHANGES: changes.changes,
    Intent.CONFLICTS: changes.conflicts,
    Intent.DUPLICATES: records.record,
    Intent.LIST: records.record,
    Intent.NOTE: plans.edit,
    Intent.EDIT: plans.edit,
}


def build_crm_sync() -> Specialist:
    """The compiled subgraph: takes `task`, returns `findings`."""
    return build_by_intent("crm_sync", GATHERERS, intent_of)
