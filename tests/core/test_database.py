"""The schema that migrations build, and the promises of a connection."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import api
import memory
from core.database import Database, metadata, open_database
from core.errors import InvalidInputError
from graphs.checkpoints import open_checkpoints


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sophia.db"


def import_every_table() -> None:
    for package in (api, memory):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)


def differences(connection: sa.Connection) -> list[object]:
    ours = {"include_name": lambda name, kind, _parent: kind != "table" or name in metadata.tables}
    return list(compare_metadata(MigrationContext.configure(connection, opts=ours), metadata))


async def test_migrations_build_what_the_code_declares(file: Path) -> None:
    import_every_table()
    assert {"runs", "run_events", "threads", "api_keys", "documents", "crm_deals"} <= set(metadata.tables)
    async with open_database(f"sqlite:///{file}") as database, open_checkpoints(file, database):
        assert await database.read(differences) == []


async def test_the_second_opening_migrates_nothing(file: Path) -> None:
    async with open_database(f"sqlite:///{file}") as database:
        await database.write(lambda connection: connection.execute(sa.text("CREATE TABLE kept (word TEXT)")))
        before = await database.read(_schema)
    async with open_database(f"sqlite:///{file}") as database:
        assert await database.read(_schema) == before


async def test_a_row_that_points_at_nothing_is_refused(file: Path) -> None:
    async with open_database(f"sqlite:///{file}") as database:
        with pytest.raises(sa.exc.IntegrityError, match="FOREIGN KEY"):
            await database.write(
                lambda connection: connection.execute(
                    sa.text("INSERT INTO run_events (run, seq, type, payload, at) VALUES ('none', 1, 'x', '{}', '')")
                )
            )


async def test_a_transaction_that_fails_leaves_nothing(file: Path) -> None:
    def half(connection: sa.Connection) -> None:
        connection.execute(sa.text("CREATE TABLE half (word TEXT)"))
        raise KeyError("on the way")

    async with open_database(f"sqlite:///{file}") as database:
        before = await database.read(_schema)
        with pytest.raises(KeyError):
            await database.write(half)
        assert await database.read(_schema) == before


async def test_what_is_committed_is_synced_and_readers_go_on_beside_the_writer(file: Path) -> None:
    async with open_database(f"sqlite:///{file}") as database:
        assert await pragma(database, "journal_mode") == "wal"
        assert await pragma(database, "synchronous") == 2
        assert await pragma(database, "foreign_keys") == 1


async def test_another_kind_of_database_is_refused_without_its_password() -> None:
    with pytest.raises(InvalidInputError, match="sqlite:///") as refused:
        async with open_database("postgresql://sophia:hunter2@db/sophia"):
            pass
    assert "hunter2" not in str(refused.value)


async def pragma(database: Database, name: str) -> object:
    return await database.read(lambda connection: connection.execute(sa.text(f"PRAGMA {name}")).scalar())


def _schema(connection: sa.Connection) -> list[tuple[str, ...]]:
    rows = connection.execute(sa.text("SELECT name, sql FROM sqlite_master ORDER BY name"))
    versions = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
    return [tuple(map(str, row)) for row in (*rows, *versions)]
