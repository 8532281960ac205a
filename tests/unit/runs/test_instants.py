"""Instants given on the command line: placed in UTC or refused."""

from datetime import UTC, datetime

import pytest

from predictive_scoring.errors import UsageError
from predictive_scoring.runs.instants import read_instant


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-10-31", "Europe/Paris", datetime(2026, 10, 30, 23, tzinfo=UTC)),
        ("2026-07-01", "Europe/Paris", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-07-01T12:00:00", "America/Sao_Paulo", datetime(2026, 7, 1, 15, tzinfo=UTC)),
        ("2026-10-31T18:00:00+01:00", None, datetime(2026, 10, 31, 17, tzinfo=UTC)),
        ("2026-10-31T18:00:00Z", "Asia/Tokyo", datetime(2026, 10, 31, 18, tzinfo=UTC)),
    ],
)
def test_an_instant_is_placed_in_utc(text, zone, expected):
    found = read_instant(text, zone)
    assert found == expected
    assert found.tzinfo is UTC


def test_an_offset_goes_before_the_company_s_zone():
    text = "2026-10-31T18:00:00+09:00"
    assert read_instant(text, "Europe/Paris") == read_instant(text, None)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-03-29T02:30:00", "Europe/Paris"),
        ("2026-03-29T02:00:00", "Europe/Paris"),
        ("2026-03-08T02:59:59", "America/New_York"),
        ("2018-11-04T00:00:00", "America/Sao_Paulo"),  # midnight itself was skipped
        ("2018-11-04", "America/Sao_Paulo"),
    ],
)
def test_a_local_time_that_the_clocks_skip_is_refused(text, zone):
    with pytest.raises(UsageError, match=f"does not exist in {zone}"):
        read_instant(text, zone)


def test_the_edges_of_the_gap_exist():
    before = read_instant("2026-03-29T01:59:59", "Europe/Paris")
    after = read_instant("2026-03-29T03:00:00", "Europe/Paris")
    assert (after - before).total_seconds() == 1


def test_of_a_local_time_that_comes_twice_the_first_is_taken():
    found = read_instant("2026-10-25T02:30:00", "Europe/Paris")
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_without_offset_and_zone_it_is_refused():
    with pytest.raises(UsageError, match="no offset and the configuration declares no") as refused:
        read_instant("2026-10-31T18:00:00", None)
    assert "time_zone" in refused.value.todo
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("text", ["", "yesterday", "31/10/2026", "2026-13-01", "1761930000"])
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(UsageError, match="is no instant"):
        read_instant(text, "Europe/Paris")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("0001-01-01", "Europe/Paris"),
        ("9999-12-31T23:59:59", "America/New_York"),
    ],
)
def test_the_ends_of_the_calendar_are_refused_not_crashed_into(text, zone):
    with pytest.raises(UsageError):
        read_instant(text, zone)
