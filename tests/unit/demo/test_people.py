from dataclasses import fields

import numpy as np
import pytest

from predictive_scoring.demo import people as people_module
from predictive_scoring.demo.company import JOB_FUNCTIONS, MARKETS, NOT_NURTURED_EFFECT, SOURCES
from predictive_scoring.demo.people import People, meet


@pytest.fixture(scope="module")
def people() -> People:
    return meet(0, 30_000, 30_000, np.random.default_rng(4))


def test_every_column_has_a_value_for_each_lead(people: People) -> None:
    assert {len(getattr(people, field.name)) for field in fields(people)} == {30_000}


def test_leads_are_numbered_in_order_of_creation(people: People) -> None:
    assert (np.diff(people.created) >= 0).all()
    assert people.number.tolist() == list(range(30_000))


def test_accounts_have_about_two_leads_of_one_market_and_industry(people: People) -> None:
    business = people.account >= 0
    assert business.mean() == pytest.approx(0.92, abs=0.01)
    accounts, first, sizes = np.unique(
        people.account[business], return_index=True, return_counts=True
    )
    assert sizes.mean() == pytest.approx(2.2 * 0.92, abs=0.2)
    position = np.searchsorted(accounts, people.account[business])
    for column in (people.market[business], people.industry[business]):
        assert np.array_equal(column, column[first][position])


def test_markets_and_blanks_come_in_their_shares(people: People) -> None:
    shares = np.bincount(people.market, minlength=len(MARKETS)) / len(people)
    assert shares == pytest.approx([m.share for m in MARKETS], abs=0.02)
    assert 0 < shares[-2:].sum() < 0.02
    assert np.isnan(people.employees).mean() == pytest.approx(0.22, abs=0.03)


def test_sales_leaves_a_sixth_unworked_whatever_the_fit(people: People) -> None:
    unworked = ~people.worked
    assert 0.15 < unworked.mean() < 0.20
    error = people.fit.std() / np.sqrt(unworked.sum())
    for market in range(4):
        rows = people.market == market
        gap = people.fit[rows & unworked].mean() - people.fit[rows & ~unworked].mean()
        assert abs(gap) < 4 * error * np.sqrt(len(people) / rows.sum())


def test_fit_follows_the_profile(people: People) -> None:
    functions = [choice.value for choice in JOB_FUNCTIONS]
    engineers = people.fit[people.job_function == functions.index("engineering")].mean()
    students = people.fit[people.job_function == functions.index("student")].mean()
    assert engineers - students == pytest.approx(2.0, abs=0.15)
    assert abs(people.fit.mean()) < 0.2


def test_partners_fit_better_in_germany_than_elsewhere(people: People) -> None:
    partner = people.source == [choice.value for choice in SOURCES].index("partner")
    german = people.market == [market.country for market in MARKETS].index("DE")
    french = people.market == 0
    gain = [
        people.fit[m & partner].mean() - people.fit[m & ~partner].mean() for m in (german, french)
    ]
    assert gain[0] - gain[1] == pytest.approx(0.45, abs=0.3)


def test_large_companies_buyers_fit_better(people: People) -> None:
    buyer = people.job_function == [c.value for c in JOB_FUNCTIONS].index("purchasing")
    large, medium = people.employees >= 1000, (people.employees >= 100) & (people.employees < 1000)
    gain = [people.fit[buyer & m].mean() - people.fit[~buyer & m].mean() for m in (large, medium)]
    assert gain[0] - gain[1] == pytest.approx(0.40, abs=0.25)


def test_nurturing_is_withheld_by_lot(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of its own: drawn otherwise, the lot moves the control group's fit, nothing else."""
    control = ~people.nurtured
    assert control.mean() == pytest.approx(0.20, abs=0.01)
    monkeypatch.setattr(people_module, "CONTROL_SHARE", 0.0)
    everybody = meet(0, 30_000, 30_000, np.random.default_rng(4))
    assert everybody.nurtured.all()
    for name in {field.name for field in fields(people)} - {"nurtured", "fit"}:
        assert np.array_equal(getattr(people, name), getattr(everybody, name), equal_nan=True), name
    assert people.fit - everybody.fit == pytest.approx(NOT_NURTURED_EFFECT * control)
    gap = everybody.fit[control].mean() - everybody.fit[~control].mean()
    assert abs(gap) < 4 * everybody.fit.std() / np.sqrt(control.sum())


def test_a_later_block_follows_the_earlier_one() -> None:
    early = meet(0, 2_000, 4_000, np.random.default_rng(1))
    late = meet(2_000, 4_000, 4_000, np.random.default_rng(2))
    assert np.median(late.created) - np.median(early.created) > 300 * 86_400
    assert not set(early.account) & set(late.account) - {-1}
