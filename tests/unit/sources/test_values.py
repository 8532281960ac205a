from __future__ import annotations

import csv
import json
import math
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictive_scoring.sources import values


@pytest.fixture
def numbers(tmp_path: Path, load_it):
    """Load cells of a number column; the numbers by cell index, and the reasons of the others."""

    def run(cells: list[str], decimal: str = ".", **column: object):
        with (tmp_path / "leads.csv").open("w", newline="") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
            writer.writerows([["n", "won"], *([cell, "yes"] for cell in cells)])
        leads = {
            "file": "leads.csv",
            "order": "rows",
            "csv": {"decimal": decimal},
            "profile": {"n": {"type": "number", **column}},
        }
        extract = load_it(leads=leads)
        found = dict(extract.rows("SELECT row_number - 1, profile_n FROM leads"))
        records = extract.rows("SELECT json_extract_string(record, 'n'), reason FROM quarantine")
        assert len(found) + len(records) == len(cells)
        return found, dict(records)

    return run


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12.0), ("-0", -0.0), ("+5.", 5.0), (".5", 0.5), (" 7 ", 7.0), ("1e3", 1000.0),
     ("1E-320", 1e-320), ("9223372036854775808", 9223372036854775808.0), ("007", 7.0),
     ("", None), ("\u00a0", None)],
)  # fmt: skip
def test_plain_finite_numbers_are_read(numbers, cell: str, value: float | None):
    assert numbers([cell, "1"])[0][0] == value


@pytest.mark.parametrize(
    "cell",
    ["inf", "-inf", "NaN", "nan", "NA", "null", "1e309", "1_000", "1,5", "1 000", "0x10", "\uff19",
     "٣", "1.2.3", "--5", "$5", "5%", "1d", "1f", "true", "1e", ".", "-", "1\n2"],
)  # fmt: skip
def test_what_is_no_plain_number_is_quarantined_with_column_and_value(numbers, cell: str):
    found, why = numbers(["1", cell])
    assert found == {0: 1.0}
    assert why == {cell: f"column 'n': \"{cell}\" is not a plain finite number"}


@pytest.mark.real_data
def test_the_hostile_numbers_are_read_or_quarantined_never_both_or_neither(
    bad_input: Path, numbers
):
    with (bad_input / "own" / "values.csv").open(encoding="utf-8", newline="") as stream:
        cells = [row["value"] for row in csv.DictReader(stream) if row["kind"] == "number"]
    found, why = numbers([*cells, "1"])
    assert {cells[i] for i in found if i < len(cells)} == {
        "", "-0", "1e-320", "9223372036854775808"
    }  # fmt: skip
    assert len(why) == len(cells) - 4


def test_a_declared_decimal_comma_is_the_only_mark(numbers):
    found, why = numbers(["1,5", "1.5", "1.000,5"], decimal=",")
    assert found == {0: 1.5}
    assert set(why) == {"1.5", "1.000,5"}


def test_words_for_missing_are_those_of_the_dialect_and_of_the_column(numbers):
    found, why = numbers(["999", " unknown ", "1", "NA"], nulls=["999", "unknown"])
    assert found == {0: None, 1: None, 2: 1.0}
    assert set(why) == {"NA"}


def test_flags_are_the_declared_words_in_any_case(flat):
    text = "f,won\nYES,yes\nno,yes\nOui,yes\n,yes\nmaybe,yes\n"
    extract = flat(text, profile={"f": "flag"})
    assert extract.rows("SELECT profile_f FROM leads ORDER BY row_number") == [
        (True,), (False,), (True,), (None,)
    ]  # fmt: skip
    assert extract.quarantine() == [
        (6, "column 'f': \"maybe\" is not one of the declared words for true and false")
    ]


def test_categories_lose_the_space_around_them_and_namibia_stays(flat):
    extract = flat("c,won\n NA\t,yes\n\u3000x y\u00a0,no\n  ,no\n", profile={"c": "category"})
    assert extract.rows("SELECT profile_c FROM leads ORDER BY row_number") == [
        ("NA",), ("x y",), (None,)
    ]  # fmt: skip


def test_identifiers_are_kept_as_they_are(tmp_path: Path, load_it):
    (tmp_path / "leads.csv").write_text("id,mail,won\n a ,A@x ,yes\n   ,b,no\n")
    leads = {"file": "leads.csv", "lead_id": "id", "email": "mail", "order": "rows"}
    extract = load_it(leads=leads)
    assert extract.rows("SELECT lead_id, email FROM leads") == [(" a ", "A@x ")]
    assert extract.quarantine() == [(3, "column 'id': no value")]


def test_outcomes_are_the_declared_values_and_others_are_counted(flat):
    extract = flat("won,x\nyes,1\nno,1\npending,1\n,1\npending,1\n")
    assert extract.rows("SELECT outcome FROM leads ORDER BY row_number") == [
        (True,), (False,), (None,), (None,), (None,)
    ]  # fmt: skip
    assert any("outcome of 2 is neither" in note and "'pending' (2)" in note
               for note in extract.notes)  # fmt: skip


def test_a_files_own_types_are_taken_as_they_are(tmp_path: Path, load_it):
    table = {
        "i": pa.array([1, 999, None]),
        "f": pa.array([1.5, math.nan, 999.0]),
        "d": pa.array([Decimal("1.50"), None, Decimal("2.00")]),
        "b": pa.array([True, False, None]),
        "id": pa.array([1.0, 2.0, 3.0]),
        "word": pa.array(["x", None, "y"]).dictionary_encode(),
        "raw": pa.array([b"caf\xc3\xa9", b"\xff", None]),
        "flag01": pa.array([1, 0, None]),
        "won": pa.array([True, False, None]),
    }
    pq.write_table(pa.table(table), tmp_path / "leads.parquet")
    numbers = {"type": "number", "nulls": ["999"]}
    profile = {"i": numbers, "f": numbers, "d": "number", "b": "flag", "word": "category",
               "raw": "category", "flag01": "flag"}  # fmt: skip
    extract = load_it(
        {"outcome": {"column": "won", "positive": ["true"], "negative": ["false"]}},
        leads={"file": "leads.parquet", "lead_id": "id", "order": "rows", "profile": profile},
    )
    names = ", ".join(f"profile_{name}" for name in profile)
    assert extract.rows(f"SELECT lead_id, {names}, outcome FROM leads ORDER BY row_number") == [  # noqa: S608
        ("1", 1.0, 1.5, 1.5, True, "x", "café", True, True),
        ("2", None, None, None, False, None, "\\xFF", False, False),
        ("3", None, None, 2.0, None, "y", None, None, None),
    ]


def test_an_infinite_number_in_a_file_is_quarantined(tmp_path: Path, load_it):
    table = pa.table({"n": pa.array([1.0, math.inf]), "won": pa.array(["yes", "no"])})
    pq.write_table(table, tmp_path / "leads.parquet")
    leads = {"file": "leads.parquet", "order": "rows", "profile": {"n": "number"}}
    assert load_it(leads=leads).quarantine() == [
        (2, "column 'n': \"inf\" is not a plain finite number")
    ]


SPACES = "\t\n\v\f\r \x1c\x85\xa0\u1680\u2003\u2028\u3000\ufeff"


@given(st.lists(st.text(st.sampled_from([*SPACES, *"aé\u0301\u200b\u200d😀\0"]), max_size=5)))
def test_space_is_stripped_character_by_character(texts):
    cells = pa.table({"f": pa.array(texts, pa.string())})
    query = f"SELECT {values.has_space('f')}, {values.stripped('f')} FROM cells"  # noqa: S608
    with duckdb.connect() as connection:
        connection.register("cells", cells)
        found = connection.execute(query).fetchall()
    bare = [text.strip(SPACES) for text in texts]
    assert found == [(b != text, b) for b, text in zip(bare, texts, strict=True)]


@pytest.mark.real_data
def test_naughty_strings_as_cells_keep_every_row(bad_input: Path, tmp_path: Path, load_it):
    strings = json.loads((bad_input / "blns" / "blns.json").read_text(encoding="utf-8"))
    with (tmp_path / "leads.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerows([["id", "text", "won"], *([s, s, "yes"] for s in strings)])
    leads = {"file": "leads.csv", "lead_id": "id", "order": "rows", "profile": {"text": "category"}}
    extract = load_it(leads=leads)
    loaded = {row[0] for row in extract.rows("SELECT lead_id FROM leads")}
    records = extract.rows("SELECT record FROM quarantine")
    refused = {json.loads(record[0])["id"] for record in records}
    assert len(loaded) + len(records) == len(strings)
    assert loaded | refused == set(strings)
    repeated = {s for s in strings if strings.count(s) > 1}
    assert {s for s in refused if s.strip("\ufeff \u2003")} <= repeated | {
        s for s in strings if not s.strip() or not s.strip("\ufeff")
    }
