"""Touches: whom a lead counts for, and who is credited with the SQL."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from predictive_scoring.records import Effort


def credit(efforts: dict[str, Effort]) -> dict[str, tuple[int, float | None, float | None]]:
    return {v: (e.leads, e.first_touch, e.multi_touch) for v, e in efforts.items()}


def test_a_lead_counts_for_its_first_touch_and_credit_is_shared(company: Any) -> None:
    (table,) = company.tables("channel")
    assert table.touch
    assert [e.value for e in table.efforts] == ["web", "(none)", "mail", "fair", "phone"]
    assert credit({e.value: e for e in table.efforts}) == {
        "web": (3, 1.0, 0.5),  # A, B, D
        "(none)": (2, 0.0, 0.0),  # G, H
        "mail": (2, 0.0, 0.5),  # E, touched twice at one instant; F, only at its SQL's
        "fair": (1, 1.0, 1.0),  # C, whose earlier event has no channel
        "phone": (0, 0.0, 0.0),  # A, after it had become an SQL
    }
    assert "SQLs that no channel touched before, credited to none: 1" in table.notes  # F


def test_other_dimensions_know_no_credit(company: Any) -> None:
    (table,) = company.tables("source")
    assert not table.touch
    assert {(e.first_touch, e.multi_touch) for e in table.efforts} == {(None, None)}


def test_event_types_are_touches_too(company: Any) -> None:
    assert credit(company.table("type")) == {
        "visit": (5, 2.0, 1.5),  # A and half of C
        "(none)": (2, 0.0, 0.0),
        "form": (1, 0.0, 0.5),
        "call": (0, 0.0, 0.0),
    }


def test_both_credits_add_up_to_the_sqls_with_a_touch(company: Any) -> None:
    rng = np.random.default_rng(11)
    born = datetime(2026, 3, 1)  # noqa: DTZ001
    ids = [f"L{i}" for i in range(80)]
    sql_on = {lead: int(rng.integers(1, 30)) for lead in ids if rng.random() < 0.5}
    touches = [
        (str(rng.choice(ids)), int(rng.integers(35)), "pqrs"[rng.integers(4)]) for _ in range(300)
    ]
    company.rows = {
        "leads": [(lead, i, born) for i, lead in enumerate(ids)],
        "stages": [(lead, "sql", born + timedelta(days=day)) for lead, day in sql_on.items()],
        "events": [(lead, born + timedelta(days=d), "visit", c) for lead, d, c in touches],
    }
    first: Counter[str] = Counter()
    multi: defaultdict[str, Fraction] = defaultdict(Fraction)
    for lead, day in sql_on.items():
        before = sorted((d, c) for of, d, c in touches if of == lead and d < day)
        for value in {c for _, c in before}:
            multi[value] += Fraction(1, len({c for _, c in before}))
        first.update(c for _, c in before[:1])
    found = company.table("channel")
    assert {v: e.first_touch for v, e in found.items() if v != "(none)"} == first
    assert {v: e.multi_touch for v, e in found.items() if v != "(none)"} == {
        v: pytest.approx(float(credited)) for v, credited in multi.items()
    }
    assert sum(first.values()) == sum(multi.values()) > 20
    assert sum(e.leads for e in found.values()) == len(ids)


def test_a_deal_won_without_an_sql_credits_what_came_before_it(
    company: Any, at: Callable[..., datetime]
) -> None:
    company.rows["stages"].append(("D", "won", at(3, 30)))
    company.rows["events"].append(("D", at(4, 1), "visit", "mail"))
    company.contract |= {"won_value": 1000, "costs": [
        {"by": "channel", "value": "web", "amount": 31, "from": "2026-03-01", "until": "2026-03-31"}
    ]}  # fmt: skip
    web = company.table("channel")["web"]
    assert web.multi_touch == 0.5
    assert web.result == 1.5 * 1000 - 31
