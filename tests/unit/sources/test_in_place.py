from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from predictive_scoring.config import Config
from predictive_scoring.sources import in_place, load

AT = datetime(2026, 5, 1, tzinfo=UTC)
EVENTS = {
    "file": "events.parquet",
    "lead_id": "who",
    "occurred_at": "at",
    "type": "what",
    "topic": "topic",
    "value": "value",
}
INSTANT = pa.timestamp("us", "UTC")


def write(folder: Path, events: dict[str, pa.Array]) -> None:
    leads = {"id": ["A", "B", " C"], "at": pa.array([AT] * 3, INSTANT), "won": ["yes", "no", "no"]}
    pq.write_table(pa.table(leads), folder / "leads.parquet")
    pq.write_table(pa.table(events), folder / "events.parquet", row_group_size=2)


def events(rows: int = 4, **columns: pa.Array) -> dict[str, pa.Array]:
    clean = {
        "who": pa.array(["A", "B"] * rows)[:rows],
        "at": pa.array([AT] * rows, INSTANT),
        "what": pa.array(["visit"] * rows),
        "topic": pa.array([None, "price"] * rows)[:rows],
        "value": pa.array([1.5] * rows),
    }
    return {**clean, **columns}


def company(folder: Path, **declared: object) -> Config:
    leads = {"file": "leads.parquet", "lead_id": "id", "created_at": "at"}
    settings = {
        "company": "Test",
        "base": folder,
        "extract_at": datetime(2026, 6, 1, tzinfo=UTC),
        "sources": {"leads": leads, "events": {**EVENTS, **declared}},
        "outcome": {"column": "won", "positive": ["yes"], "negative": ["no"]},
    }
    return Config.model_validate(settings)


def is_view(connection: duckdb.DuckDBPyConnection) -> bool:
    views = connection.execute("SELECT view_name FROM duckdb_views()").fetchall()
    return ("events",) in views


def everything(config: Config, connection: duckdb.DuckDBPyConnection):
    extract = load(config, connection)
    rows = {
        name: repr(connection.execute(f"FROM {name} ORDER BY ALL").fetchall())
        for name in ("leads", "events", "quarantine")
    }
    return rows, extract.counts, extract.notes, extract.digest()


def mostly(good: object, *odd: object) -> st.SearchStrategy[object]:
    """Rows of which most are readable, so that what is odd in them is seen."""
    return st.one_of(st.just(good), st.just(good), st.sampled_from(odd))


texts = mostly("visit", None, "A", " C", "", " ", "a\0b", "\u2003x", "é")
numbers = mostly(1.5, None, math.nan, math.inf, -0.0, 1e300)
moments = mostly(0, None, int(1.9e15), int(-3e15), int(5e15), 2**62)
leads = mostly("A", " C", "C", "A ", "", None)


@effort(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(leads, moments, texts, texts, numbers), min_size=1, max_size=8),
    st.sets(st.sampled_from(["who", "at", "what", "topic", "value"])),
    st.booleans(),
)
def test_reconcile_a_view_shows_what_a_table_would_hold(tmp_path, monkeypatch, rows, odd, many):
    types = [pa.string(), INSTANT, pa.string(), pa.string(), pa.float64()]
    columns = events(200 if many else 1)
    for name, kind, values in zip(columns, types, zip(*rows, strict=True), strict=True):
        more = pa.array(values, kind) if name in odd else events(len(rows))[name]
        columns[name] = pa.concat_arrays([columns[name].cast(kind), more.cast(kind)])
    write(tmp_path, columns)
    config = company(tmp_path)
    with duckdb.connect() as connection:
        seen = everything(config, connection)
    with duckdb.connect() as connection, monkeypatch.context() as patch:
        patch.setattr(in_place, "_MOST_LEFT_OUT", -1.0)
        stored = everything(config, connection)
        assert not is_view(connection)

    assert seen == stored


@pytest.mark.parametrize(
    "column",
    [
        {},
        {"topic": pa.array([None] * 4, pa.string())},
        {"value": pa.array([math.nan, 1.0, None, 2.0])},
        {"value": pa.array([1, 2, 3, 4], pa.int32())},
    ],
)
def test_clean_columns_are_seen_where_they_lie(tmp_path, connection, column):
    write(tmp_path, events(**column))
    load(company(tmp_path), connection)
    assert is_view(connection)


@pytest.mark.parametrize(("unknown", "view"), [(1, True), (50, False)])
def test_rows_left_out_are_kept_apart_as_long_as_they_are_few(tmp_path, connection, unknown, view):
    who = pa.array(["?"] * unknown + ["A"] * (200 - unknown))
    write(tmp_path, events(200, who=who))

    extract = load(company(tmp_path), connection)

    assert is_view(connection) == view
    assert [(c.loaded, c.quarantined) for c in extract.counts if c.table == "events"] == [
        (200 - unknown, unknown)
    ]
    newest = "SELECT min(row_number), max(row_number), count(*) FROM events"
    assert connection.execute(newest).fetchone() == (unknown + 1, 200, 200 - unknown)


@pytest.mark.parametrize(
    ("column", "declared"),
    [
        ({"topic": pa.array([None, " price", "a", "b"])}, {}),
        ({"topic": pa.array(["", "price", "a", "b"])}, {}),
        ({"at": pa.array(["2026-05-01T00:00:00Z"] * 4)}, {}),
        ({}, {"types": {"visit": "visited"}}),
        ({}, {"csv": {"nulls": ["price"]}}),
    ],
)
def test_columns_that_take_work_are_stored(tmp_path, connection, column, declared):
    write(tmp_path, events(**column))
    load(company(tmp_path, **declared), connection)
    assert not is_view(connection)
    assert connection.execute("SELECT count(*) FROM events").fetchone() == (4,)


def test_what_is_seen_is_what_was_digested_whatever_becomes_of_the_file(tmp_path):
    write(tmp_path, events())
    before = hashlib.sha256((tmp_path / "events.parquet").read_bytes()).hexdigest()
    (tmp_path / "workspace").mkdir()
    with duckdb.connect(tmp_path / "workspace" / "w.duckdb") as connection:
        extract = load(company(tmp_path), connection)
        (tmp_path / "events.parquet").write_bytes(b"something else")
        assert connection.execute("SELECT count(value) FROM events").fetchone() == (4,)
    assert [c.sha256 for c in extract.counts if c.table == "events"] == [before]


def test_a_view_of_an_earlier_load_is_replaced(tmp_path, connection):
    write(tmp_path, events())
    load(company(tmp_path), connection)
    assert is_view(connection)

    write(tmp_path, events(topic=pa.array(["a", " b", "c", ""])))
    load(company(tmp_path), connection)

    assert not is_view(connection)
    topics = connection.execute("SELECT topic FROM events ORDER BY row_number").fetchall()
    assert topics == [("a",), ("b",), ("c",), (None,)]
