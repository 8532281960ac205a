from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from predictive_scoring.errors import DataError


@pytest.fixture
def created(tmp_path: Path, load_it):
    """Load leads from text cells of `at`; the instants by cell, and the reasons of the others."""

    def run(*cells: str, zone: str | None = "Europe/Paris", **instant: object):
        lines = "".join(f'{i}|"{cell}"|yes\n' for i, cell in enumerate(cells))
        (tmp_path / "leads.csv").write_text("id|at|won\n" + lines)
        extract = load_it(
            {"time_zone": zone},
            leads={
                "file": "leads.csv",
                "lead_id": "id",
                "created_at": {"column": "at", **instant},
                "csv": {"delimiter": "|"},
            },
        )
        found = dict(extract.rows("SELECT CAST(lead_id AS INTEGER), created_at FROM leads"))
        why = {line - 2: reason for line, reason in extract.quarantine()}
        assert found.keys() | why.keys() == set(range(len(cells)))
        return found, why

    return run


def utc(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 (the loader's form: UTC, naive)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-01-01T00:00:00Z", utc(2026, 1, 1)),
        ("2026-01-01T00:00:00-12:00", utc(2026, 1, 1, 12)),
        ("2026-01-01T00:00:00+0530", utc(2025, 12, 31, 18, 30)),
        ("2026-01-01 00:00:00.5 +02", utc(2025, 12, 31, 22, 0, 0, 500000)),
        ("2026-01-01T10:30Z", utc(2026, 1, 1, 10, 30)),
        ("2026-01-01T10:30+01:00", utc(2026, 1, 1, 9, 30)),
        ("1969-12-31T23:59:59.999999Z", utc(1969, 12, 31, 23, 59, 59, 999999)),
        ("2026-01-01T00:00:00.1234567Z", utc(2026, 1, 1, 0, 0, 0, 123456)),
        (" 2026-01-01T00:00:00Z ", utc(2026, 1, 1)),
        # Without an offset: the declared zone, here Paris.
        ("2026-01-01T00:00:00", utc(2025, 12, 31, 23)),
        ("2026-07-01 12:00", utc(2026, 7, 1, 10)),
        ("2026-07-01", utc(2026, 6, 30, 22)),
        # The hour that Paris has twice: the first.
        ("2026-10-25T02:30:00", utc(2026, 10, 25, 0, 30)),
        ("2026-10-25T02:30:00+01:00", utc(2026, 10, 25, 1, 30)),
        ("2026-10-25T02:30:00+02:00", utc(2026, 10, 25, 0, 30)),
        ("2026-10-25T03:00:00", utc(2026, 10, 25, 2)),
        ("2026-03-29T01:59:59", utc(2026, 3, 29, 0, 59, 59)),
        ("2026-03-29T03:00:00", utc(2026, 3, 29, 1)),
    ],
)
def test_iso_instants_honour_offsets_and_the_declared_zone(created, cell: str, instant: datetime):
    assert created(cell, "2000-01-01T00:00:00Z")[0][0] == instant


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("2026-03-29T02:30:00", "clocks skip in Europe/Paris"),
        ("2026-03-29T02:30:00 Europe/Paris", "is not an ISO instant"),
        ("2026-02-30", "is not an ISO instant"),
        ("2026-13-01", "is not an ISO instant"),
        ("01/02/2026", "is not an ISO instant"),
        ("20210105", "is not an ISO instant"),
        ("1767225600", "is not an ISO instant"),
        ("46023", "is not an ISO instant"),
        ("2016-12-31T23:59:60Z", "is not an ISO instant"),
        ("2026-01-01 24:00:00", "is not an ISO instant"),
        ("2026-W01-1", "is not an ISO instant"),
        ("infinity", "is not an ISO instant"),
        ("now", "is not an ISO instant"),
        ("2026-01-01T00:00:00+19:00", "is not an ISO instant"),
        ("0001-01-01", "is not of 1900 to 2099"),
        ("1582-10-10", "is not of 1900 to 2099"),
        ("9999-12-31", "is not of 1900 to 2099"),
        ("2262-04-12", "is not of 1900 to 2099"),
    ],
)
def test_what_is_no_instant_is_quarantined_with_column_and_value(created, cell: str, part: str):
    _, why = created("2000-01-01", cell)
    assert part in why[1]
    assert why[1].startswith(f"column 'at': \"{cell}\"")


def test_a_day_begins_where_the_clocks_go_on_when_they_skip_its_midnight(created):
    found, why = created("2017-10-15", "2017-10-15T00:00:00", zone="America/Sao_Paulo")
    assert found == {0: utc(2017, 10, 15, 3)}
    assert "clocks skip" in why[1]


def test_a_column_of_local_times_without_a_zone_is_refused_with_an_example(created):
    with pytest.raises(DataError) as error:
        created("2026-01-01T00:00:00Z", "2026-01-01T10:00:00", zone=None)
    said = str(error.value)
    assert "leads.csv, line 3" in said
    assert "'at'" in said
    assert "'2026-01-01T10:00:00'" in said
    assert "time_zone: Europe/Paris" in said


def test_a_columns_own_zone_comes_before_the_companys(tmp_path: Path, load_it):
    (tmp_path / "leads.csv").write_text("at,won\n2026-01-01T09:00:00,yes\n")
    at = {"column": "at", "zone": "Asia/Tokyo"}
    extract = load_it({"time_zone": "Europe/Paris"}, leads={"file": "leads.csv", "created_at": at})
    assert extract.rows("SELECT created_at FROM leads") == [(utc(2026, 1, 1),)]


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("epoch_s", "1767225600"),
        ("epoch_ms", "1767225600000"),
        ("epoch_us", "1767225600000000"),
        ("%Y%m%d %z", "20260101 +0000"),
        ("%d/%m/%Y %H:%M%z", "01/01/2026 00:00Z"),
        ("%d/%m/%Y %H:%M", "01/01/2026 01:00"),
    ],
)
def test_integers_and_other_forms_are_instants_by_a_declared_format(created, form: str, cell: str):
    found, why = created(cell, "x", format=form)
    assert found == {0: utc(2026, 1, 1)}
    assert f"is not an instant of the form {form}" in why[1]


def test_milliseconds_declared_as_seconds_are_quarantined(created):
    _, why = created("1767225600", "1767225600000", "999999999999999999", format="epoch_s")
    assert {1, 2} == set(why)
    assert "is not of 1900 to 2099" in why[1]


def test_a_format_that_makes_no_instants_is_refused(created):
    with pytest.raises(DataError):
        created("10:30", format="%Y %Q")


def test_declared_unknown_values_are_missing(created):
    found, why = created("1970-01-01 00:00:00", "", "2026-01-01", unknown=["1970-01-01 00:00:00"])
    assert found == {0: None, 1: None, 2: utc(2025, 12, 31, 23)}
    assert why == {}


@pytest.fixture
def native(tmp_path: Path, load_it):
    def run(values: pa.Array, zone: str | None = "Europe/Paris", **instant: object):
        won = pa.array(["yes"] * len(values))
        pq.write_table(pa.table({"at": values, "won": won}), tmp_path / "leads.parquet")
        extract = load_it(
            {"time_zone": zone},
            leads={"file": "leads.parquet", "created_at": {"column": "at", **instant}},
        )
        return extract.rows("SELECT created_at FROM leads ORDER BY row_number"), extract

    return run


def test_a_files_own_instants_are_taken_as_they_are(native):
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    for unit in ("s", "ms", "us", "ns"):
        aware = pa.array([noon, None]).cast(pa.timestamp(unit, "America/New_York"))
        assert native(aware, zone=None)[0] == [(utc(2026, 7, 1, 12),), (None,)]
        local = pa.array([noon.replace(tzinfo=None), None]).cast(pa.timestamp(unit))
        assert native(local)[0] == [(utc(2026, 7, 1, 10),), (None,)]
    assert native(pa.array([noon.date()]))[0] == [(utc(2026, 6, 30, 22),)]
    unknown = pa.array([datetime(1970, 1, 1), noon.replace(tzinfo=None)])  # noqa: DTZ001
    assert native(unknown, unknown=["1970-01-01 00:00:00"])[0][0] == (None,)


def test_a_files_own_local_times_need_a_zone_too(native):
    with pytest.raises(DataError, match="without a time zone"):
        native(pa.array([datetime(2026, 1, 1)]), zone=None)  # noqa: DTZ001


def test_integers_in_a_file_are_never_nanoseconds(native):
    with pytest.raises(DataError, match="holds numbers"):
        native(pa.array([20210105]))
    assert native(pa.array([20210105]), format="%Y%m%d")[0] == [(utc(2021, 1, 4, 23),)]
    assert native(pa.array([1767225600]), format="epoch_s")[0] == [(utc(2026, 1, 1),)]
    assert native(pa.array([1767225600.0, None]), format="epoch_s")[0][1] == (None,)


def test_the_sessions_time_zone_changes_nothing(native, connection: duckdb.DuckDBPyConnection):
    connection.execute("SET TimeZone = 'Asia/Tokyo'")
    instant = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert native(pa.array([instant], pa.timestamp("us", "UTC")))[0] == [(utc(2026, 7, 1, 12),)]
    late = pa.array([datetime(1890, 1, 1, tzinfo=UTC), instant + timedelta(1)])
    assert native(late)[1].quarantine()[0][0] == 1
