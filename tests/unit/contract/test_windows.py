from datetime import UTC, date, datetime

import pytest

from predictive_scoring.config import Config
from predictive_scoring.contract.windows import as_instants, month_after, window
from predictive_scoring.errors import UsageError

EXTRACT = datetime(2026, 10, 31, 23, tzinfo=UTC)  # the first instant of November in Paris
FILE = {"file": "x.csv", "lead_id": "id"}
SOURCES = {
    "leads": {**FILE, "created_at": "at", "market": "country"},
    "stages": {**FILE, "stage": "stage", "entered_at": "at"},
}


def config(**more):
    teams = {"north": {"time_zone": "Europe/Paris"}}
    return Config.model_validate(
        {"company": "x", "sources": SOURCES, "contract": {"teams": teams}, **more}
    )


PARIS = config(time_zone="Europe/Paris")


@pytest.mark.parametrize(
    ("asked", "name", "first", "last"),
    [
        ({"month": "2026-09"}, "2026-09", date(2026, 9, 1), date(2026, 9, 30)),
        ({"month": "2024-02"}, "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ({"quarter": "2026-Q3"}, "2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ({"quarter": "2025q4"}, "2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ({"year": "2026"}, "2026", date(2026, 1, 1), date(2026, 12, 31)),
        ({"since": "2026-09-14", "until": "2026-09-20"}, "2026-09-14..2026-09-20",
         date(2026, 9, 14), date(2026, 9, 20)),
        ({"since": "2026-10-20"}, "2026-10-20..2026-10-31", date(2026, 10, 20), date(2026, 10, 31)),
        ({}, "2026-10", date(2026, 10, 1), date(2026, 10, 31)),  # just over, in Paris
    ],
)  # fmt: skip
def test_windows_are_read(asked, name, first, last):
    found = window(PARIS, EXTRACT, **asked)
    assert (found.name, found.first, found.last) == (name, first, last)


def test_the_last_complete_month_is_that_of_the_companys_clock():
    assert window(config(), EXTRACT).name == "2026-09", "in UTC October still lacks an hour"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"month": "2026-13"}, "a month such as"),
        ({"month": "September"}, "a month such as"),
        ({"month": "2026-9"}, "a month such as"),
        ({"month": "٢٠٢٦-09"}, "a month such as"),
        ({"month": ""}, "a month such as"),
        ({"quarter": "2026-Q5"}, "a quarter such as"),
        ({"year": "26"}, "a year such as"),
        ({"year": "0000"}, "a year such as"),
        ({"since": "14.09.2026"}, "a day such as"),
        ({"since": "2026-09-31"}, "a day such as"),
        ({"since": "2026-09-20", "until": "2026-09-14"}, "before"),
        ({"until": "2026-09-14"}, "without `since`"),
        ({"month": "2026-09", "year": "2026"}, "2 windows"),
        ({"month": "2026-11"}, "after the data were extracted"),
        ({"scope": {"campaign": "x"}}, "market, team, source, owner"),
        ({"scope": {"source": "x"}}, "`contract.source`"),
        ({"scope": {"owner": "x"}}, "`sources.leads.owner`"),
        ({"scope": {"team": "south"}}, "one of north"),
    ],
)
def test_nonsense_is_refused_with_what_was_expected(asked, said):
    with pytest.raises(UsageError) as refused:
        window(PARIS, EXTRACT, **asked)
    assert said in str(refused.value)


def test_limits_that_are_not_set_are_none():
    found = window(PARIS, EXTRACT, scope={"market": "FR", "team": None})
    assert found.scope == {"market": "FR"}


def test_a_month_is_the_companys_own():
    october = window(PARIS, EXTRACT, month="2026-10")
    assert as_instants(october, "Europe/Paris") == (
        datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
    )  # fmt: skip


def test_months_after_a_day():
    assert month_after(date(2026, 1, 31), -11) == date(2025, 2, 1)
    assert month_after(date(2026, 12, 31), 1) == date(2027, 1, 1)
