"""What efforts can be told apart by, and what is said of anything else."""

import math
from datetime import date
from typing import Any

import pytest

from predictive_scoring.contract.efforts.dimensions import available
from predictive_scoring.errors import DataError, UsageError
from predictive_scoring.records import Window


def test_an_unknown_dimension_is_answered_with_those_there_are(company: Any) -> None:
    with pytest.raises(UsageError) as caught:
        company.tables("market", "weather")
    assert "'weather'" in caught.value.found
    assert caught.value.expected == "one of source, market, channel, type, month, origin"


def test_only_what_is_declared_is_there(company: Any) -> None:
    del company.sources["events"], company.sources["leads"]["market"], company.contract["source"]
    assert list(available(company.config())) == ["month", "origin"]


def test_the_declared_source_goes_by_either_name(company: Any) -> None:
    source, origin = company.tables("source", "origin")
    assert source.dimension == "source"
    assert repr(source.efforts) == repr(origin.efforts)


def test_the_scope_is_of_leads(company: Any, march: Window) -> None:
    with pytest.raises(UsageError) as caught:
        company.tables("market", window=Window("", march.first, march.last, {"channel": "web"}))
    assert caught.value.expected == "one of source, market, origin"


def test_without_a_date_no_lead_is_in_a_window(company: Any) -> None:
    del company.sources["leads"]["created_at"], company.sources["stages"]
    company.sources["leads"]["order"] = "rows"
    company.outcome |= {"column": "became", "positive": ["yes"], "negative": ["no"]}
    with pytest.raises(UsageError, match="no date"):
        company.tables("market")


def test_without_an_instant_nothing_is_known(company: Any) -> None:
    company.extract_at = None
    with pytest.raises(DataError, match="no table holds an instant"):
        company.tables("market")


def test_a_window_without_leads_has_no_lines(company: Any) -> None:
    (table,) = company.tables("market", window=Window("", date(2025, 1, 1), date(2025, 1, 31), {}))
    assert table.efforts == ()
    assert math.isnan(table.bar)
