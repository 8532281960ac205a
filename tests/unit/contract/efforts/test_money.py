"""What efforts cost within the window, and what is left."""

from datetime import date
from typing import Any

import pytest

from predictive_scoring.records import Effort, Window


def cost(by: str, value: str, amount: float, since: str, until: str) -> dict[str, Any]:
    return {"by": by, "value": value, "amount": amount, "from": since, "until": until}


@pytest.fixture
def spender(company: Any) -> Any:
    company.contract |= {"won_value": 1000, "currency": "CHF", "costs": [
        cost("source", "web", 310, "2026-02-15", "2026-03-17"),  # 31 days, 17 of them in March
        cost("origin", "web", 50, "2026-03-31", "2026-04-04"),  # 5 days, 1 of them in March
        cost("source", "fair", 600, "2026-03-01", "2026-03-31"),
        cost("source", "radio", 90, "2026-03-30", "2026-04-28"),  # 30 days, 2 of them in March
        cost("source", "tv", 99, "2026-04-01", "2026-04-02"),  # none in March
        cost("channel", "mail", 40, "2026-03-10", "2026-03-11"),
    ]}  # fmt: skip
    return company


def money(effort: Effort) -> tuple[float | None, float | None, float | None]:
    return effort.cost, effort.cost_per_sql, effort.result


def test_is_the_website_a_cost_or_a_profit(spender: Any) -> None:
    (table,) = spender.tables("source")
    by_value = {e.value: e for e in table.efforts}
    assert table.currency == "CHF"
    assert money(by_value["web"]) == pytest.approx((180, 90, 820))  # SQLs A and F; A was won
    assert money(by_value["fair"]) == pytest.approx((600, 600, -600))
    assert money(by_value["(none)"]) == (None, None, None)


def test_a_cost_without_leads_is_shown_and_said(spender: Any) -> None:
    (table,) = spender.tables("source")
    radio = {e.value: e for e in table.efforts}["radio"]
    assert (radio.leads, radio.sql.of) == (0, 0)
    assert money(radio) == pytest.approx((6, None, -6))
    assert any("'radio'" in note for note in table.notes)
    assert "tv" not in {e.value for e in table.efforts}


def test_touches_are_held_to_multi_touch_credit(spender: Any) -> None:
    (table,) = spender.tables("channel")
    mail = {e.value: e for e in table.efforts}["mail"]
    assert money(mail) == pytest.approx((40, 80, 460))  # half of A's SQL, and of its deal
    assert "cost per SQL and result are by multi-touch credit" in table.notes


def test_costs_of_other_dimensions_are_named(spender: Any) -> None:
    source, market = spender.tables("source", "market")
    assert "costs by channel (40.00 CHF) are not in figures by source" in source.notes
    assert "costs by source (776.00 CHF) are not in figures by market" in market.notes
    assert "costs by origin (10.00 CHF) are not in figures by market" in market.notes


def test_without_a_value_of_deals_there_is_no_result(spender: Any) -> None:
    del spender.contract["won_value"]
    assert money(spender.table("source")["web"]) == pytest.approx((180, 90, None))


def test_costs_of_everybody_are_not_held_against_a_part(spender: Any, march: Window) -> None:
    part = Window("", march.first, march.last, {"market": "FR"})
    (table,) = spender.tables("source", window=part)
    assert {e.cost for e in table.efforts} == {None}
    assert any("not of market 'FR' alone" in note for note in table.notes)


def test_a_part_bears_its_own_costs(spender: Any, march: Window) -> None:
    part = Window("", march.first, march.last, {"source": "web"})
    (table,) = spender.tables("source", window=part)
    assert {e.value: e.cost for e in table.efforts} == {"web": pytest.approx(180)}


def test_what_is_to_be_spent_after_the_extract_is_not_spent(spender: Any) -> None:
    spender.contract["costs"] = [cost("source", "web", 300, "2026-04-01", "2026-04-30")]
    april = Window("2026-04", date(2026, 4, 1), date(2026, 4, 30), {})
    web = spender.table("source", window=april)["web"]
    assert (web.leads, web.cost) == (1, pytest.approx(100))  # K; ten days of thirty
