"""A day without a time of day is known when it is over; only a lead is there from its morning."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

PARIS = {"time_zone": "Europe/Paris"}
LEADS = {"lead_id": "id", "created_at": "at"}
EVENTS = {"lead_id": "id", "occurred_at": "at", "type": "what"}
END = timedelta(microseconds=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 (the loader's form: UTC, naive)


@pytest.fixture
def occurred(tmp_path: Path, load_it):
    """Load events from text cells of `at`; the extract, and their instants in order."""

    def run(*cells: str, company: dict[str, str] | None = None, **at: object):
        (tmp_path / "leads.csv").write_text("id,at,won\nA,2000-01-01T00:00Z,yes\n")
        lines = "".join(f"A,{cell},visit\n" for cell in cells)
        (tmp_path / "events.csv").write_text("id,at,what\n" + lines)
        events = {**EVENTS, "occurred_at": {"column": "at", **at}, "file": "events.csv"}
        extract = load_it(company or PARIS, leads={"file": "leads.csv", **LEADS}, events=events)
        rows = extract.rows("SELECT occurred_at FROM events ORDER BY row_number")
        return extract, [row[0] for row in rows]

    return run


@pytest.mark.parametrize(
    ("cell", "form", "instant"),
    [
        ("2026-07-01", "iso", utc(2026, 7, 1, 22) - END),
        ("2026-07-01T00:00", "iso", utc(2026, 6, 30, 22)),
        ("2026-07-01T00:00Z", "iso", utc(2026, 7, 1)),
        ("01/07/2026", "%d/%m/%Y", utc(2026, 7, 1, 22) - END),
        ("01/07/2026 00:00", "%d/%m/%Y %H:%M", utc(2026, 6, 30, 22)),
        ("01/07/2026 0", "%d/%m/%Y %-H", utc(2026, 6, 30, 22)),
        ("01/07/2026 %H", "%d/%m/%Y %%H", utc(2026, 7, 1, 22) - END),
        ("20260701 +0000", "%Y%m%d %z", utc(2026, 7, 2) - END),
        ("1782864000", "epoch_s", utc(2026, 7, 1)),
    ],
)
def test_a_day_counts_from_its_end_and_a_time_from_itself(occurred, cell, form, instant):
    assert occurred(cell, format=form)[1] == [instant]


@pytest.mark.parametrize(
    ("zone", "cell", "instant"),
    [
        # Days of 23 and of 25 hours.
        ("Europe/Paris", "2026-03-29", utc(2026, 3, 29, 22)),
        ("Europe/Paris", "2026-10-25", utc(2026, 10, 25, 23)),
        # The clocks skip the midnight after the first, and that before the second.
        ("America/Sao_Paulo", "2017-10-14", utc(2017, 10, 15, 3)),
        ("America/Sao_Paulo", "2017-10-15", utc(2017, 10, 16, 2)),
        # The clocks show the last hour of the day twice: the second is the end.
        ("America/Sao_Paulo", "2018-02-17", utc(2018, 2, 18, 3)),
        # The day after the first does not exist there.
        ("Pacific/Apia", "2011-12-29", utc(2011, 12, 30, 10)),
        ("UTC", "2026-12-31", utc(2027, 1, 1)),
    ],
)
def test_a_day_ends_with_the_clocks_of_its_zone(occurred, zone, cell, instant):
    company = {"extract_at": "2030-01-01T00:00:00Z"}
    assert occurred(cell, company=company, zone=zone)[1] == [instant - END]


def test_an_event_of_a_whole_day_stands_after_one_of_that_afternoon(occurred):
    assert occurred("2026-07-01", "2026-07-01T17:00")[1][0] > utc(2026, 7, 1, 15)


def test_where_a_day_stands_can_be_declared(occurred):
    assert occurred("2026-07-01", day="start")[1] == [utc(2026, 6, 30, 22)]
    assert occurred("2026-07-01", day="end")[1] == [utc(2026, 7, 1, 22) - END]


def test_every_table_but_the_leads_counts_days_from_their_end(tmp_path: Path, load_it):
    text = "id,at,what\nA,2026-07-01,sql\n"
    sources = {
        "leads": LEADS,
        "events": EVENTS,
        "stages": {"lead_id": "id", "entered_at": "at", "stage": "what"},
        "activities": {"lead_id": "id", "occurred_at": "at", "kind": "what"},
        "changes": {"lead_id": "id", "changed_at": "at", "column": "what", "value": "id"},
    }
    for name in sources:
        (tmp_path / f"{name}.csv").write_text(text)
    declared: dict[str, dict[str, object]] = {
        name: {"file": f"{name}.csv", **source} for name, source in sources.items()
    }
    declared["leads"]["profile"] = {"sql": {"type": "category", "column": "what"}}
    extract = load_it(PARIS, **declared)
    columns = dict.fromkeys(sources, "occurred_at")
    columns |= {"leads": "created_at", "stages": "entered_at", "changes": "changed_at"}
    found = {
        name: extract.rows(f"SELECT {at} FROM {name}")[0][0]  # noqa: S608
        for name, at in columns.items()
    }
    end = utc(2026, 7, 1, 22) - END
    assert found == {**dict.fromkeys(sources, end), "leads": utc(2026, 6, 30, 22)}


def test_a_files_and_a_databases_own_days_are_whole_days(tmp_path: Path, load_it):
    (tmp_path / "leads.csv").write_text("id,at,won\nA,2000-01-01,yes\n")
    leads = {"file": "leads.csv", **LEADS}
    rows = {"id": ["A"], "at": pa.array([date(2026, 7, 1)]), "what": ["visit"]}
    pq.write_table(pa.table(rows), tmp_path / "events.parquet")
    extract = load_it(PARIS, leads=leads, events={"file": "events.parquet", **EVENTS})
    assert extract.rows("SELECT occurred_at FROM events") == [(utc(2026, 7, 1, 22) - END,)]

    rows["at"] = pa.array([utc(2026, 7, 1)])
    pq.write_table(pa.table(rows), tmp_path / "events.parquet")
    extract = load_it(PARIS, leads=leads, events={"file": "events.parquet", **EVENTS})
    assert extract.rows("SELECT occurred_at FROM events") == [(utc(2026, 6, 30, 22),)]

    engine = sa.create_engine(f"sqlite:///{tmp_path}/crm.db")
    with engine.begin() as database:
        database.exec_driver_sql("CREATE TABLE e (id TEXT, at DATE, what TEXT)")
        database.exec_driver_sql("INSERT INTO e VALUES ('A', '2026-07-01', 'visit')")
    engine.dispose()
    crm = {"url": "sqlite:///crm.db", "table": "e"}
    extract = load_it(PARIS, leads=leads, events={**crm, **EVENTS})
    assert extract.rows("SELECT occurred_at FROM events") == [(utc(2026, 7, 1, 22) - END,)]


def test_instants_with_an_offset_are_no_days_whatever_the_format(tmp_path: Path, load_it):
    (tmp_path / "leads.csv").write_text("id,at,won\nA,2000-01-01,yes\n")
    at = pa.array([utc(2026, 7, 1)]).cast(pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"id": ["A"], "at": at, "what": ["x"]}), tmp_path / "events.parquet")
    events = {**EVENTS, "occurred_at": {"column": "at", "format": "%Y%m%d"}}
    extract = load_it(
        PARIS,
        leads={"file": "leads.csv", **LEADS},
        events={"file": "events.parquet", **events},
    )
    assert extract.rows("SELECT occurred_at FROM events") == [(utc(2026, 7, 1),)]


@pytest.mark.parametrize("extract_at", ["2026-07-01T00:00:00+02:00", "2026-07-01T12:00:00+02:00"])
def test_a_day_that_the_extract_cuts_is_not_after_it(occurred, extract_at):
    company = {**PARIS, "extract_at": extract_at}
    extract, found = occurred("2026-07-01", "2026-07-02", company=company)
    assert found == [utc(2026, 7, 1, 22) - END]
    assert [line for line, _ in extract.quarantine()] == [3]


def test_the_day_that_the_extract_cuts_is_the_columns_own(occurred):
    company = {"extract_at": "2026-07-01T16:00:00Z"}  # in Tokyo, an hour of the second of July
    extract, found = occurred("2026-07-02", "2026-07-03", company=company, zone="Asia/Tokyo")
    assert len(found) == 1
    assert [line for line, _ in extract.quarantine()] == [3]


def test_whole_days_are_said_aloud(occurred):
    extract, _ = occurred("2026-07-01", "2026-07-02", "2026-07-02T10:00", "soon")
    notes = [note for note in extract.notes if "whole days" in note]
    assert notes == ["events: 2 instants are whole days; they count from the day's end"]


def test_whole_days_of_creation_are_said_aloud_too(flat):
    at = {"column": "at", "zone": "UTC", "format": "%Y-%m-%d"}
    extract = flat("at,won\n2026-07-01,yes\nbad,no\n,no\n", created_at=at)
    assert "leads: 1 instants are whole days; they count from the day's start" in extract.notes


def test_where_there_are_no_whole_days_none_are_spoken_of(occurred):
    extract, _ = occurred("2026-07-02T10:00", "2026-07-4", "")
    assert not any("events" in note and "whole days" in note for note in extract.notes)
