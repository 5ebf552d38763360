"""`sophia doctor`: what it finds, with and without a server, and what it never says."""

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from api.bootstrap import open_sophia
from api.doctor.configured import look_at_playbook
from api.doctor.directory import look_at_directory
from api.doctor.endpoints import look_at_language
from api.doctor.examination import examine
from api.doctor.extras import look_at_extras
from api.doctor.finding import Finding, State
from api.doctor.stores import look_at_stores
from api.sample import install_company
from api.security.keys import local_owner
from api.settings import Settings
from core.clock import utc_now
from tests.api.children import Place, serving_child
from tests.api.served import in_a_thread

SECRET = "hunter2-never-shown"
ENDPOINTS = """
endpoints:
  away: {base_url: http://127.0.0.1:9/v1, model: qwen, api_key_env: AWAY_KEY}
  keyless: {base_url: http://127.0.0.1:9/v1, model: qwen, api_key_env: NO_SUCH_KEY}
routing: {default: [away, keyless]}
"""


@pytest.fixture
def place(light_directory: Path, light_weights: Path | None, tmp_path: Path) -> Place:
    shutil.copytree(light_directory, tmp_path / "data")
    return Place(tmp_path / "data", light_weights)


def settings_of(place: Place, **more: object) -> Settings:
    return Settings(data_dir=place.directory, embedder_weights=place.weights, **more)  # type: ignore[arg-type]


def by_name(findings: Sequence[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def test_an_installation_that_works_is_told_part_by_part_with_status_0(place: Place) -> None:
    done = place.run_here("doctor", "--json")
    found = {finding["name"]: finding["state"] for finding in json.loads(done.out)}
    assert (done.status, done.err) == (0, "")
    assert found["language"] == found["warehouse"] == found["platforms"] == "embedded"
    assert {found[part] for part in ("data directory", "owner", "disk", "database", "index", "clock")} == {"works"}
    assert found["company"] == "works"


def test_what_does_not_work_is_named_with_its_remedy_and_status_1(place: Place) -> None:
    shutil.rmtree(place.directory / "index")
    done = place.run_here("doctor")
    assert done.status == 1
    broken = [line for line in done.out.splitlines() if line.startswith("BROKEN")]
    assert len(broken) == 1
    assert "index" in broken[0]


async def test_an_empty_place_lacks_things_and_breaks_nothing(tmp_path: Path, light_weights: Path | None) -> None:
    found = await examine(Settings(data_dir=tmp_path / "none", embedder_weights=light_weights), utc_now)
    assert not [finding for finding in found if finding.state is State.BROKEN]
    assert by_name(found)["database"].state is State.MISSING
    assert not (tmp_path / "none").exists()


def test_a_playbook_is_told_where_there_is_one_and_is_broken_where_it_does_not_fit(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert look_at_playbook(settings).state is State.MISSING
    install_company(settings)
    installed = look_at_playbook(settings)
    assert (installed.state, "Tallowby's first call, 11 items" in installed.says) == (State.WORKS, True)
    other = tmp_path / "other.yaml"
    other.write_text("name: A\nmust_sai: []\n", encoding="utf-8")
    broken = look_at_playbook(Settings(data_dir=tmp_path, playbook=other))
    assert (broken.state, "must_sai" in broken.says) == (State.BROKEN, True)


def test_the_sample_s_playbook_comes_with_the_sample_s_company_alone(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text("seller: {name: Ours}\n", encoding="utf-8")
    install_company(Settings(data_dir=tmp_path))
    assert not (tmp_path / "playbook.yaml").exists()


async def test_endpoints_that_do_not_answer_or_lack_their_key_are_broken_and_no_secret_is_said(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWAY_KEY", SECRET)
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    (tmp_path / "models.yaml").write_text(ENDPOINTS)
    found = by_name(
        await examine(settings_of(place, models=tmp_path / "models.yaml", warehouse_password=SECRET), utc_now)
    )
    assert found["endpoint away"].state is found["endpoint keyless"].state is State.BROKEN
    assert "does not answer" in found["endpoint away"].says
    assert "NO_SUCH_KEY" in found["endpoint keyless"].says
    assert SECRET not in str(found)


async def test_a_file_of_endpoints_that_is_wrong_is_broken(tmp_path: Path) -> None:
    (tmp_path / "models.yaml").write_text("endpoints: {}")
    [finding] = await look_at_language(tmp_path / "models.yaml")
    assert finding.state is State.BROKEN


async def stores(place: Place, *, at: datetime | None = None) -> dict[str, Finding]:
    settings = settings_of(place)
    clock = (lambda: at) if at else utc_now
    return by_name(await look_at_stores(settings.database, settings.index, embedder=None, clock=clock))


def written(place: Place, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(place.directory / "sophia.db")) as connection, connection:
        connection.execute(statement, values)


async def test_a_database_of_a_newer_version_is_broken_and_of_an_older_one_is_not(place: Place) -> None:
    written(place, "UPDATE alembic_version SET version_num = '0001'")
    assert (await stores(place))["database"].state is State.WORKS
    written(place, "UPDATE alembic_version SET version_num = 'ffff'")
    assert (await stores(place))["database"].state is State.BROKEN


async def test_a_document_that_is_not_in_the_index_is_named(place: Place) -> None:
    assert (await stores(place))["index"].state is State.WORKS
    written(
        place,
        "INSERT INTO documents SELECT tenant, 'lost', version, state, title, held, account, label, readers, origin, "
        "transcript, ingested_at FROM documents WHERE state = 'live' LIMIT 1",
    )
    index = (await stores(place))["index"]
    assert index.state is State.BROKEN
    assert "lost" in str(index.remedy)


async def test_a_clock_that_stands_before_what_was_written_is_broken(place: Place) -> None:
    in_a_thread(partial(asked, place))
    assert (await stores(place))["clock"].state is State.WORKS
    assert (await stores(place, at=datetime.now(UTC) - timedelta(days=1)))["clock"].state is State.BROKEN


async def asked(place: Place) -> None:
    async with open_sophia(settings_of(place)) as sophia:
        await sophia.runs.accept("Why?", principal=local_owner("default"))


def test_an_extra_that_the_settings_need_is_broken_without_it_and_says_how_to_get_it() -> None:
    names = {finding.name for finding in look_at_extras(())}
    assert {"extra openai", "extra snowflake", "extra charts"} <= names
    for finding in look_at_extras(()):
        assert finding.state is not State.BROKEN
        assert finding.state is State.WORKS or "pip install" in str(finding.remedy)


async def test_beside_a_server_it_says_where_that_is_and_that_it_is_ready(place: Place) -> None:
    with serving_child(place) as server:
        found = by_name(await look_at_directory(place.directory))
        assert (await stores(place))["index"].state is State.WORKS
    assert found["owner"].state is State.WORKS
    assert str(server.owner.url) in found["owner"].says
    assert server.owner.token is not None
    assert server.owner.token not in str(found)
