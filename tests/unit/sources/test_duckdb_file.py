from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from predictive_scoring.config import TableSource
from predictive_scoring.errors import DataError
from predictive_scoring.sources import inspect_columns

LEADS = {"file": "crm.duckdb", "table": "sales.leads", "order": "rows", "profile": {"n": "number"}}


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    path = tmp_path / "crm.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA sales")
        connection.execute(
            "CREATE TABLE sales.leads AS SELECT * FROM (VALUES (1.5, 'yes'), ('inf'::DOUBLE, 'no'),"
            "(NULL, 'no')) t(n, won)"
        )
        connection.execute("CREATE VIEW few AS SELECT * FROM sales.leads LIMIT 1")
        connection.execute("DELETE FROM sales.leads WHERE n = 7")
    return path


def test_a_table_is_copied_and_the_file_left_alone(crm: Path, load_it):
    before = crm.read_bytes()
    extract = load_it(leads=LEADS)
    assert extract.rows("SELECT lead_id, profile_n, outcome FROM leads ORDER BY row_number") == [
        ("row-1", 1.5, True),
        ("row-3", None, False),
    ]
    assert extract.rows("SELECT file, line FROM quarantine") == [("crm.duckdb (sales.leads)", 2)]
    assert crm.read_bytes() == before
    with duckdb.connect(str(crm)) as other:  # it is detached: another may write it
        other.execute("CREATE TABLE t (x INTEGER)")
    assert extract.counts[0].records == 3


@pytest.mark.usefixtures("crm")
def test_a_view_is_a_table_too(load_it):
    assert load_it(leads={**LEADS, "table": "few"}).counts[0].loaded == 1


@pytest.mark.usefixtures("crm")
def test_a_missing_table_names_those_there(load_it):
    with pytest.raises(DataError, match="'few', 'leads'"):
        load_it(leads={**LEADS, "table": "lead"})


def test_a_file_that_is_open_for_writing_is_a_sentence(crm: Path, load_it):
    with duckdb.connect(str(crm)), pytest.raises(DataError, match=r"crm\.duckdb"):
        load_it(leads=LEADS)


def test_columns_are_inspected(crm: Path, tmp_path: Path):
    found = inspect_columns(TableSource(file=crm.name, table="sales.leads"), tmp_path)
    assert [(c.name, c.type) for c in found] == [("n", "DOUBLE"), ("won", "VARCHAR")]
