from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from predictive_scoring.errors import DataError
from predictive_scoring.sources.identifiers import Parameters, literal, quoted

pytestmark = pytest.mark.real_data


@pytest.fixture
def names(bad_input: Path) -> list[str]:
    lines = (bad_input / "own" / "identifiers.txt").read_text(encoding="utf-8").split("\n")
    found = [line.encode("latin-1", "backslashreplace").decode("unicode_escape") for line in lines]
    return list(dict.fromkeys(name for name in found if name))


def expect_each(extract, names: list[str]) -> None:
    for i in range(len(names)):
        assert extract.rows(f"SELECT profile_p{i} FROM leads") == [(f"v{i}",)]  # noqa: S608


def leads(names: list[str], **place: object) -> dict[str, object]:
    profile = {f"p{i}": {"type": "category", "column": n} for i, n in enumerate(names)}
    return {"order": "rows", "profile": profile, **place}


def test_hostile_column_names_of_a_csv_file(tmp_path: Path, load_it, names: list[str]):
    with (tmp_path / "leads.csv").open("w", newline="", encoding="utf-8") as stream:
        header, row = [*names, "won"], [*(f"v{i}" for i in range(len(names))), "yes"]
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([header, row, ["short"]])
    extract = load_it(leads=leads(names, file="leads.csv"))
    expect_each(extract, names)
    assert len(extract.quarantine()) == 1


def test_hostile_column_names_of_a_parquet_file_with_a_hostile_path(
    tmp_path: Path, load_it, names: list[str]
):
    columns = {name: pa.array([f"v{i}"]) for i, name in enumerate(names)}
    # As a pattern the path would be of another file.
    path, other = tmp_path / "it's [1]*.parquet", tmp_path / "it's 1.parquet"
    pq.write_table(pa.table({"other": pa.array(["file"])}), other)
    pq.write_table(pa.table({**columns, "won": pa.array(["yes"])}), path)
    expect_each(load_it(leads=leads(names, file=path.name)), names)


def test_hostile_names_of_a_duckdb_file(tmp_path: Path, load_it, names: list[str]):
    usable, folded = [], set[str]()
    for name in names:
        if "\0" not in name and name.lower() not in folded:
            usable.append(name)
            folded.add(name.lower())
    table = 'le"ads; DROP TABLE x'
    with duckdb.connect(str(tmp_path / "it's.duckdb")) as other:
        columns = ", ".join(f"'v{i}' AS {quoted(n)}" for i, n in enumerate(usable))
        other.execute(f"CREATE TABLE {quoted(table)} AS SELECT {columns}, 'yes' AS won")
    expect_each(load_it(leads=leads(usable, file="it's.duckdb", table=table)), usable)


def test_hostile_names_of_a_database(tmp_path: Path, load_it, names: list[str]):
    usable, folded = [], set[str]()
    for name in names:
        if "\0" not in name and name.lower() not in folded:
            usable.append(name)
            folded.add(name.lower())
    table = 'le"ads.%s; DROP TABLE x'
    with sqlite3.connect(tmp_path / "crm.db") as other:
        columns = ", ".join(f"'v{i}' AS {quoted(n)}" for i, n in enumerate(usable))
        other.execute(f"CREATE TABLE {quoted(table)} AS SELECT {columns}, 'yes' AS won")
    other.close()
    extract = load_it(leads=leads(usable, url="sqlite:///crm.db", table=table))
    expect_each(extract, usable)


def test_a_hostile_profile_name_is_a_name_and_nothing_else(tmp_path: Path, load_it):
    (tmp_path / "leads.csv").write_text("a,won\nx,yes\nbad,yes,1\n")
    name = 'a" FROM leads; $source_value_0 --'
    profile = {name: {"type": "category", "column": "a"}}
    extract = load_it(leads={"file": "leads.csv", "order": "rows", "profile": profile})
    assert extract.rows(f"SELECT {quoted('profile_' + name)} FROM leads") == [("x",)]  # noqa: S608


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_what_cannot_be_an_identifier_is_refused(name: str):
    with pytest.raises(DataError):
        quoted(name)


def test_a_statement_gets_the_values_it_uses_and_no_others():
    parameters = Parameters()
    parameters.add("unused")
    statement = f"SELECT {parameters.add('it')}, 1 IN {parameters.add_all([1, 2])}"
    assert duckdb.execute(statement, parameters.of(statement)).fetchall() == [("it", True)]
    assert parameters.add_all([]) == "(NULL)"


def test_a_placeholder_within_quotes_is_no_placeholder():
    parameters = Parameters()
    parameters.add("unused")
    hostile = "$source_value_0"
    statement = f"SELECT {literal(hostile)} AS {quoted(hostile)}, {parameters.add(1)}"
    assert parameters.of(statement) == {"source_value_1": 1}
