from collections.abc import Callable
from typing import Any

import pytest

from predictive_scoring import features
from predictive_scoring.records import FeatureSpec


@pytest.fixture
def company(history: Callable[..., Any], day: Callable[..., Any]) -> Any:
    made = history(profile={"industry": "category", "market": "category"})
    for i in range(6):
        made.add("leads", lead_id=f"L{i}", created_at=day(i), account_id="A", market="FR" * (i % 2),
                 profile_industry=str(i % 2), profile_market=str(i % 3))  # fmt: skip
    for i, kind in enumerate(("visit", "visit", "mail", "form", "form", "any", "", None)):
        made.add("events", lead_id="L0", type=kind, occurred_at=day(i), channel="E-mail",
                 topic=["pricing", "Pricing"][i % 2])  # fmt: skip
    made.add("activities", lead_id="L0", kind="call", occurred_at=day(3))
    return made


def _plan(company: Any, **settings: Any) -> FeatureSpec:
    return features.plan(company.extract(), company.config(**settings))


def test_names_are_stable_and_carry_the_meaning(company: Any) -> None:
    columns = {c.name: c for c in _plan(company).columns}
    visit, topic = columns["visit_count_7d"], columns["topic_pricing_2_count_all"]
    assert (visit.dimension, visit.value, visit.window, visit.group) == (
        "type", "visit", 7, "engagement",
    )  # fmt: skip
    assert (topic.dimension, topic.value, topic.window) == ("topic", "pricing", 0)
    assert columns["topic_pricing_count_all"].value == "Pricing"
    assert columns["channel_e_mail_count_30d"].value == "E-mail"
    assert columns["any_count_7d"].value == ""
    assert columns["any_2_count_7d"].value == "any"
    assert columns["visit_trend_30d"].measure == "trend"
    assert columns["sales_call_count_all"].group == "sales"
    assert columns["account_active_30d"].group == "account"
    assert not any(c.measure == "value" for c in columns.values())


def test_the_most_frequent_values_ties_by_name(company: Any) -> None:
    spec = _plan(company, features={"values_per_dimension": 3})
    types = {c.value for c in spec.columns if c.dimension == "type"}
    assert types == {"form", "visit", "any"}


def test_a_profile_column_never_takes_a_computed_name(company: Any) -> None:
    spec = _plan(company, leads={"market": "country"})
    assert len(set(spec.names)) == len(spec.names)
    named = {(c.source, c.dimension): c.name for c in spec.columns if c.measure == "profile"}
    assert named[("leads", "market")] == "market"
    assert named[("profile", "market")] == "market_2"


def test_six_types_six_channels_eight_topics_stay_under_120_columns(
    company: Any, day: Callable[..., Any]
) -> None:
    for i in range(48):
        company.add("events", lead_id="L1", type=f"t{i % 6}", channel=f"c{i % 6}", value=1.0,
                    topic=f"p{i % 8}", occurred_at=day(i))  # fmt: skip
    company.rows["events"] = company.rows["events"][8:]
    events = [c for c in _plan(company).columns if c.source == "events"]
    assert len(events) == 108


def test_what_is_switched_off_is_not_there(company: Any) -> None:
    off = {"activities": False, "accounts": False, "calendar": False, "dimensions": [],
           "measures": ["count"]}  # fmt: skip
    names = _plan(company, features=off).names
    assert names == (
        "industry", "market_2", "any_count_7d", "any_count_30d", "any_count_90d", "any_count_all",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ages", "kept"),
    [({"first": 1, "every": 1, "until": 1}, False), ({"first": 0, "every": 95, "until": 99}, False),
     ({"first": 0, "every": 7, "until": 90}, True)],
)  # fmt: skip
def test_an_age_that_is_the_same_for_all_is_left_out(
    company: Any, ages: dict[str, int], kept: bool
) -> None:
    snapshots = {"ages": ages, "score_at": "snapshot"}
    assert ("age_days" in _plan(company, snapshots=snapshots).names) == kept


def test_what_comes_after_closing_displaces_nothing(company: Any, day: Callable[..., Any]) -> None:
    before = _plan(company, features={"values_per_dimension": 3})
    company.add("stages", lead_id="L0", stage="sql", entered_at=day(50))
    for _ in range(99):
        company.add("events", lead_id="L0", type="onboarding", topic="help", value=1.0,
                    occurred_at=day(50))  # fmt: skip
    assert _plan(company, features={"values_per_dimension": 3}) == before
    company.rows["stages"].clear()
    assert "onboarding_count_7d" in _plan(company).names


def test_planning_leaves_the_workspace_as_it_was(company: Any) -> None:
    extract = company.extract()
    tables = extract.connection.execute("SHOW TABLES").fetchall()
    features.plan(extract, company.config())
    assert extract.connection.execute("SHOW TABLES").fetchall() == tables


def test_with_no_outcome_known_yet_all_looks_count(company: Any, day: Callable[..., Any]) -> None:
    company.extract_at = day(60)
    assert "visit_count_7d" in _plan(company).names
    assert "industry" in _plan(company).names


def test_constant_markets_are_left_out(company: Any) -> None:
    for row in company.rows["leads"]:
        row["market"] = "FR"
    spec = _plan(company, leads={"market": "country"})
    assert "market" not in spec.names
    assert {one.column: one.reason for one in spec.left_out}["market"].startswith("constant")


def test_without_dates_nothing_over_time(company: Any) -> None:
    company.declared = frozenset({"leads", "events", "activities"})
    spec = _plan(
        company, leads={"created_at": None, "order": "rows"},
        outcome={"column": "y", "positive": ["1"], "negative": ["0"]},
    )  # fmt: skip
    assert spec.names == ("industry", "market_2")
    assert [one.column for one in spec.left_out] == ["events", "activities"]
