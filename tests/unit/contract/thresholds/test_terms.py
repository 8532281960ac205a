import pytest

from predictive_scoring.config.contract import ContractSettings, Version
from predictive_scoring.contract.thresholds import terms_digest

BASE = {
    "from": "2026-01-01",
    "sql_rate": 0.3,
    "mqls_per_month": 100,
    "mql": [
        {"name": "function", "column": "job", "values": ["buyer"]},
        {"name": "visits", "events": ["visit"], "at_least": 2},
    ],
    "markets": {"JP": {"sql_rate": 0.2}},
}


def digest(changes: dict[str, object] | None = None, **contract: object) -> str:
    version = Version.model_validate({**BASE, **(changes or {})})
    return terms_digest(ContractSettings.model_validate(contract), version)


@pytest.mark.parametrize(
    "changes",
    [
        {"sql_rate": 0.31},
        {"mqls_per_month": 101},
        {"confidence": 0.9},
        {"mql": BASE["mql"][:1]},  # type: ignore[index]
        {"mql": [{"name": "function", "column": "job", "values": ["boss"]}, BASE["mql"][1]]},  # type: ignore[index]
        {"markets": {}},
        {"markets": {"JP": {"sql_rate": 0.25}}},
        {"markets": {"JP": {"sql_rate": 0.2, "mqls_per_month": 5}}},
    ],
)
def test_what_a_threshold_depends_on_changes_the_digest(changes: dict[str, object]) -> None:
    assert digest(changes) != digest()


def test_tiers_change_the_digest() -> None:
    assert digest(tiers={"cold_share": 0.1}) != digest()
    assert digest(tiers={"hot_rate": 0.7}) != digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"from": "2025-01-01", "until": "2026-12-31"},
        {"first_contact": {"hours": 4, "clock": "elapsed"}, "contacted": 1.0},
        {"rejection_reasons": ["budget"]},
        {"sql": [{"name": "budget known"}]},
        {"mql": [BASE["mql"][1], {**BASE["mql"][0], "name": "another name"}]},  # type: ignore[index]
        {"mql": [*BASE["mql"], {"name": "for a person to judge"}]},  # type: ignore[misc]
        {"markets": {"JP": {"sql_rate": 0.2}, "FR": {"documented": 0.9}}},
    ],
)
def test_what_no_threshold_depends_on_leaves_it(changes: dict[str, object]) -> None:
    assert digest(changes) == digest()


def test_hysteresis_and_costs_leave_it() -> None:
    assert digest(hysteresis={"points": 5}, currency="JPY") == digest()


def test_it_is_sixteen_hex_digits_that_stay_the_same() -> None:
    assert digest() == "3642bd05d6a8304d"
