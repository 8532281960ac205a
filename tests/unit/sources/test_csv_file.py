from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from predictive_scoring.config import TableSource
from predictive_scoring.errors import ColumnsError, DataError
from predictive_scoring.sources import inspect_columns

PROFILE = {"city": "category"}


def test_a_byte_order_mark_is_no_part_of_the_header(flat):
    extract = flat(b"\xef\xbb\xbfcity,won\r\nParis,yes\r\n", profile=PROFILE)
    assert extract.rows("SELECT profile_city, outcome FROM leads") == [("Paris", True)]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_declared_encoding_is_read(flat, encoding: str):
    text = "city,won\nOrléans,no\n".encode(encoding)
    extract = flat(text, profile=PROFILE, csv={"encoding": encoding})
    assert extract.rows("SELECT profile_city, outcome FROM leads") == [("Orléans", False)]


def test_bytes_that_are_not_the_encoding_cost_their_record_only(flat):
    extract = flat(b"city,won\nParis,yes\nOrl\xe9ans,no\nNancy,no\nx,\xff,1\n", profile=PROFILE)
    assert extract.rows("SELECT profile_city FROM leads") == [("Paris",), ("Nancy",)]
    (line, reason), (wide, _) = extract.quarantine()
    assert (line, wide) == (3, 5)
    assert "'city'" in reason
    assert "not utf-8" in reason
    records = extract.rows("SELECT record FROM quarantine ORDER BY line")
    assert json.loads(records[0][0]) == {"city": "Orl\udce9ans", "won": "no"}


def test_a_nul_character_is_quarantined_and_shortens_nothing(flat):
    extract = flat("city,won\nA\0B,yes\nC,no\n", profile=PROFILE)
    assert extract.rows("SELECT profile_city FROM leads") == [("C",)]
    assert extract.quarantine()[0] == (2, "column 'city': holds a NUL character")
    (record,) = extract.rows("SELECT record FROM quarantine")[0]
    assert json.loads(record) == {"city": "A\0B", "won": "yes"}


def test_row_numbers_and_lines_go_on_over_a_glob_sorted_by_name(tmp_path: Path, load_it):
    (tmp_path / "b[1]").mkdir()
    (tmp_path / "part-2.csv").write_text("won,city\nno,C\n")
    with gzip.open(tmp_path / "part-1.csv.gz", "wt") as stream:
        stream.write("city,won\nA,yes\nB,no,\n")
    extract = load_it(
        leads={"file": "part-*", "format": "csv", "order": "rows", "profile": PROFILE}
    )
    found = extract.rows("SELECT lead_id, row_number, profile_city FROM leads")
    assert found == [("row-1", 1, "A"), ("row-3", 3, "C")]
    assert extract.rows("SELECT file, line FROM quarantine") == [("part-1.csv.gz", 3)]
    counts = [(c.file, c.records, c.loaded, c.quarantined) for c in extract.counts]
    assert counts == [("part-1.csv.gz", 2, 1, 1), ("part-2.csv", 1, 1, 0)]
    assert len({c.sha256 for c in extract.counts}) == 2


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("leads.csv", b"", "an empty file"),
        ("leads.csv", b"city,won\n", "none of 0 records"),
        ("leads.csv", b"PK\x03\x04rest", "Excel"),
        ("leads.csv", b"\x1f\x8brest", "gzip"),
        ("leads.csv", "city,won\nA,yes\n".encode("utf-16"), "UTF-16"),
        ("leads.csv", bytes(range(128, 256)) * 10, "header cannot be read"),
        ("leads.csv.gz", b"city,won\n", "not compressed"),
        ("leads.csv.gz", gzip.compress(b"city,won\nA,yes\n" * 90)[:-12], "cannot be read"),
        ("leads.parquet", b"PAR1 and nothing else", "cannot be read"),
        ("leads.duckdb", b"no database at all" * 300, "cannot be read"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_one_sentence(
    tmp_path: Path, load_it, name: str, data: bytes, part: str
):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError) as error:
        load_it(leads={"file": name, "order": "rows", "profile": PROFILE, "table": "leads"})
    assert part in str(error.value)
    assert name in str(error.value)
    assert error.value.expected
    assert error.value.todo


def test_a_missing_file_and_a_folder_are_errors_that_say_what_to_do(tmp_path: Path, load_it):
    with pytest.raises(DataError, match="no such file"):
        load_it(leads={"file": "leads.csv", "order": "rows"})
    (tmp_path / "leads.csv").mkdir()
    with pytest.raises(DataError, match="a folder"):
        load_it(leads={"file": "leads.csv", "order": "rows"})


def test_a_missing_column_shows_the_difference_and_the_nearest_name(flat):
    with pytest.raises(ColumnsError) as error:
        flat("City ,won\nA,yes\n", profile=PROFILE)
    assert error.value.missing == ("city",)
    assert error.value.present == ("City ", "won")
    assert "leads.csv (leads)" in str(error.value)
    assert "'City ' in place of 'city'" in error.value.todo


def test_columns_are_inspected_from_the_header_alone(tmp_path: Path):
    (tmp_path / "leads.csv").write_text('a,"b\nc"\n1,2,3\n')
    found = inspect_columns(TableSource(file="leads.csv"), tmp_path)
    assert [(c.name, c.type) for c in found] == [("a", "VARCHAR"), ("b\nc", "VARCHAR")]


def test_a_table_without_rows_is_fine_where_it_is_optional(tmp_path: Path, load_it):
    (tmp_path / "leads.csv").write_text("id,won\n1,yes\n")
    (tmp_path / "events.csv").write_text("id,at,what\n")
    extract = load_it(
        leads={"file": "leads.csv", "lead_id": "id", "order": "rows"},
        events={"file": "events.csv", "lead_id": "id", "occurred_at": "at", "type": "what"},
    )
    assert [(c.table, c.records) for c in extract.counts] == [("leads", 1), ("events", 0)]
    assert extract.declared == {"leads", "events"}
