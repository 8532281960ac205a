"""The contract: one promise at a time, none against another, whose lead it is said once."""

from datetime import date

import pytest

from predictive_scoring.config import ContractSettings, FirstContact, Version

TEAM = {"time_zone": "Europe/Paris"}


def refused(problems, changed, section, **keys):
    """Where the one problem of a contract lies, and what is expected there."""
    (problem,) = problems(changed(section, relational=True, **keys)).values()
    return problem.key, problem.expected


@pytest.fixture
def version(problems, changed):
    """What is said of one version, beside a team so that business hours are somebody's."""

    def run(**keys):
        keys = {"from": "2026-01-01", **keys}
        return refused(problems, changed, "contract", versions=[keys], teams={"a": TEAM})

    return run


def test_without_a_contract_nothing_is_promised(load, relational):
    contract = load(relational).contract
    assert contract.versions == ()
    assert contract.version_on(date(2026, 1, 1)) is None


def test_the_version_in_force_is_that_of_the_day(load, changed):
    versions = [
        {"from": "2026-07-01", "sql_rate": 0.3},
        {"from": "2025-01-01", "until": "2025-12-31", "sql_rate": 0.2},
    ]
    contract = load(changed("contract", versions=versions)).contract
    days = {
        date(2024, 12, 31): None,
        date(2025, 1, 1): 0.2,
        date(2025, 12, 31): 0.2,
        date(2026, 1, 1): None,
        date(2026, 6, 30): None,
        date(2026, 7, 1): 0.3,
        date(2030, 1, 1): 0.3,
    }
    found = {day: contract.version_on(day) for day in days}
    assert {day: v and v.sql_rate for day, v in found.items()} == days


def test_a_version_without_an_end_holds_until_the_next(load, changed):
    versions = [{"from": "2025-01-01", "sql_rate": 0.2}, {"from": "2026-01-01", "sql_rate": 0.3}]
    contract = load(changed("contract", versions=versions)).contract
    assert [contract.version_on(date(y, 12, 31)).sql_rate for y in (2025, 2026)] == [0.2, 0.3]


@pytest.mark.parametrize(
    "versions",
    [
        [{"from": "2025-01-01"}, {"from": "2025-01-01"}],
        [{"from": "2025-06-01"}, {"from": "2025-01-01", "until": "2025-06-01"}],
    ],
)
def test_versions_that_overlap_are_refused_by_their_days(problems, changed, versions):
    where, expected = refused(problems, changed, "contract", versions=versions)
    assert where == "contract.versions"
    assert "do not overlap: those from 2025-01-01 and 2025-0" in expected


@pytest.mark.parametrize(
    ("keys", "part"),
    [
        ({"contacted": 0.9}, "`contacted` with `first_contact`"),
        (
            {"markets": {"FR": {"contacted": 0.9}}},
            "`markets.FR`: `contacted` with `first_contact`",
        ),
        (
            {"mqls_per_month": 50, "markets": {"FR": {"mqls_per_month": 40},
                                               "DE": {"mqls_per_month": 11}}},
            "at least 51, which the markets' add up to",
        ),
        ({"until": "2025-12-31"}, "`until` on or after `from` (2026-01-01)"),
        ({"mql": [{"name": "real"}], "sql": [{"name": "real"}]}, "not 'real' twice"),
    ],
)  # fmt: skip
def test_a_version_that_contradicts_itself_is_refused(version, keys, part):
    where, expected = version(**keys)
    assert where == "contract.versions.0"
    assert part in expected


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"mqls_per_month": 0}, "mqls_per_month"),
        ({"sql_rate": 30}, "sql_rate"),
        ({"sql_rate": 1}, "sql_rate"),
        ({"confidence": 0.4}, "confidence"),
        ({"contacted": 1.01, "first_contact": {"hours": 8}}, "contacted"),
        ({"documented": 0}, "documented"),
        ({"first_contact": {"hours": 0}}, "first_contact.hours"),
        ({"first_contact": {"hours": 8, "clock": "working"}}, "first_contact.clock"),
        ({"from": "yesterday"}, "from"),
        ({"markets": {"FR": {"confidence": 0.9}}}, "markets.FR.confidence"),
    ],
)
def test_promises_out_of_bounds_are_named_by_their_key(version, keys, where):
    assert version(**keys)[0] == f"contract.versions.0.{where}"


def test_a_market_is_promised_what_differs_and_not_the_company_s_volume():
    japan = {"first_contact": {"hours": 16}, "mqls_per_month": 8}
    promised = {"mqls_per_month": 100, "sql_rate": 0.3, "first_contact": {"hours": 8}}
    version = Version.model_validate(
        {"from": "2026-01-01", **promised, "contacted": 1, "markets": {"JP": japan}}
    )
    assert (version.of("").mqls_per_month, version.of("").sql_rate) == (100, 0.3)
    own, france = version.of("JP"), version.of("FR")
    assert (own.mqls_per_month, own.sql_rate, own.contacted) == (8, 0.3, 1)
    assert own.first_contact == FirstContact(hours=16)
    assert (france.mqls_per_month, france.first_contact) == (None, FirstContact(hours=8))


def test_business_hours_are_somebody_s(problems, changed):
    def versions(**contact):
        markets = {"FR": {"first_contact": {"hours": 8, **contact}}}
        return [{"from": "2026-01-01", "markets": markets}]

    where, expected = refused(problems, changed, "contract", versions=versions())
    assert where == "contract"
    assert "Declare a team, or `clock: elapsed`" in expected
    assert ContractSettings.model_validate({"versions": versions(clock="elapsed")}).versions


@pytest.mark.parametrize(
    "hours",
    [
        [], ["9-17"], ["09:00"], ["17:00-09:00"], ["09:00-09:00"], ["09:00-24:01"],
        ["09:00-12:60"], ["09:00-13:00", "12:00-18:00"], ["14:00-18:00", "09:00-12:00"],
        ["nine-noon"],
    ],
)  # fmt: skip
def test_hours_of_a_team_are_spans_in_order(problems, changed, hours):
    where, expected = refused(problems, changed, "contract", teams={"a": {**TEAM, "hours": hours}})
    assert where == "contract.teams.a.hours"
    assert "hours" in expected or "at least one span" in expected
    assert "0" in expected  # an example to follow


def test_spans_are_minutes_since_midnight(load, changed):
    hours = ["00:00-00:30", "13:15-24:00"]
    contract = load(changed("contract", teams={"a": {**TEAM, "hours": hours}})).contract
    assert contract.teams["a"].spans == ((0, 30), (795, 1440))


@pytest.mark.parametrize(
    ("teams", "part"),
    [
        ({"a": {"markets": ["FR"]}, "b": {"markets": ["DE", "FR"]}}, "'FR', not both 'a' and 'b'"),
        ({"a": {"owners": ["ana"]}, "b": {"owners": ["ana"]}}, "'ana', not both 'a' and 'b'"),
        ({"a": {"owners": ["ana"]}, "b": {}, "c": {}}, "not 'b' and 'c' both"),
    ],
)
def test_everybody_has_one_team(problems, changed, teams, part):
    teams = {name: {**TEAM, **team} for name, team in teams.items()}
    where, expected = refused(problems, changed, "contract", teams=teams)
    assert where == "contract"
    assert part in expected


@pytest.mark.parametrize(
    ("team", "where"),
    [
        ({"time_zone": "CET+1"}, "time_zone"),
        ({"days": ["monday"]}, "days.0"),
        ({"days": []}, "days"),
        ({"closed": ["2026-02-30"]}, "closed.0"),
    ],
)
def test_a_team_s_calendar_is_one(problems, changed, team, where):
    text = changed("contract", relational=True, teams={"a": {**TEAM, **team}})
    assert f"contract.teams.a.{where}" in problems(text)


def test_hot_is_hotter_than_promised(problems, changed):
    where, expected = refused(
        problems,
        changed,
        "contract",
        versions=[{"from": "2026-01-01", "sql_rate": 0.3}],
        tiers={"hot_rate": 0.3},
    )
    assert where == "contract"
    assert "`tiers.hot_rate` above the contract's rate 0.3" in expected


def test_a_cost_has_a_time(problems, changed):
    cost = {"by": "market", "value": "FR", "amount": 1, "from": "2026-02-01", "until": "2026-01-01"}
    where, expected = refused(problems, changed, "contract", costs=[cost])
    assert where == "contract.costs.0"
    assert "`until` on or after `from` (2026-02-01)" in expected
