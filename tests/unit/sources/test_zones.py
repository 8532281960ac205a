from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictive_scoring.sources.zones import local_offsets, offset_sql

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (local times are naive here)
ZONES = ("Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Antarctica/Troll", "UTC",
         "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "Europe/Dublin")  # fmt: skip


def by_zoneinfo(zone: str, local: datetime) -> int | None:
    """The same answer from the standard library: the first instant, None for a skipped time."""
    aware = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    back = aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    offset = aware.utcoffset()
    return offset // timedelta(microseconds=1) if back == local and offset is not None else None


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1901, 1, 1), datetime(2099, 12, 1)),  # noqa: DTZ001
)
def test_offsets_are_those_of_the_standard_library(zone: str, local: datetime):
    micros = (local - EPOCH) // timedelta(microseconds=1)
    assert local_offsets(zone).at(micros) == by_zoneinfo(zone, local)


@pytest.mark.parametrize("zone", ZONES)
def test_offsets_around_every_change_are_those_of_the_standard_library(zone: str):
    for start in local_offsets(zone).starts:
        for step in (-3_600_000_000, -1, 0, 1, 1_800_000_000, 3_600_000_000):
            local = EPOCH + timedelta(microseconds=start + step)
            assert local_offsets(zone).at(start + step) == by_zoneinfo(zone, local), local


def test_the_sql_says_the_same_as_the_table():
    found = local_offsets("Europe/Paris")
    moments = [start + step for start in found.starts for step in (-1, 0, 1)]
    query = f"SELECT {offset_sql('Europe/Paris', 'x')} FROM (SELECT unnest($xs) AS x)"  # noqa: S608
    rows = duckdb.execute(query, {"xs": moments}).fetchall()
    assert [row[0] for row in rows] == [found.at(m) for m in moments]
