"""The fictional company that ships with Sophia, and how it gets into a data directory."""

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from api.client import Client
from api.settings import Settings
from tools.crm.importing import files_of
from tools.crm.mapping import Mapping, read_mapping

SAMPLE = Path(str(files("memory.sample")))


def sample_calls() -> list[Path]:
    """The sample's transcripts, oldest first."""
    return sorted((SAMPLE / "calls").glob("*.json"))


def sample_crm() -> tuple[dict[str, bytes], Mapping]:
    """The sample's CRM data, and the mapping under which it is imported."""
    folder = SAMPLE / "crm"
    return files_of([folder]), read_mapping(folder / "mapping.yaml")


async def record_decisions(client: Client, *, label: str) -> int:
    """Records what the sample's management decided, but what the ledger has already; how many that were."""
    known = {(one["question"], one["decided_on"]) for one in (await client.ask_ledger(""))["decisions"]}
    new = [one for one in sample_decisions() if (one["question"], one["decided_on"]) not in known]
    for one in new:
        await client.tell_ledger("", {**one, "label": label})
    return len(new)


def sample_decisions() -> list[dict[str, Any]]:
    """The decisions as the API takes them."""
    written = yaml.safe_load((SAMPLE / "decisions.yaml").read_text(encoding="utf-8"))
    decisions: list[dict[str, Any]] = json.loads(json.dumps(written, default=str))
    return decisions


def install_company(settings: Settings) -> None:
    """Lets Sophia know the sample's names, day and playbook, unless the data directory has a company of its own."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    company, playbook = settings.data_dir / "company.yaml", settings.data_dir / "playbook.yaml"
    if not company.exists():
        shutil.copyfile(SAMPLE / "company.yaml", company)
    if not playbook.exists() and company.read_bytes() == (SAMPLE / "company.yaml").read_bytes():
        shutil.copyfile(SAMPLE / "playbook.yaml", playbook)
