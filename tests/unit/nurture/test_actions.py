from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from predictive_scoring import nurture
from predictive_scoring.errors import UsageError
from predictive_scoring.records import Snapshots

ACTIONS = {
    "webinar": {"event": "webinar"},
    "fair again": {"event": "fair", "again_after": 30},
    "Pricing": {"event": "visit", "topic": "pricing", "channel": "web"},
    "pricing": {"event": "visit", "campaign": "spring"},
    "french": {"event": "call back", "languages": ["fr"], "markets": ["FR", "BE"]},
}


@pytest.fixture
def company(history: Callable[..., Any], day: Callable[..., Any]) -> Any:
    made = history()
    people = {"a": ("FR", "fr"), "b": ("BE", "nl"), "c": ("DE", "fr"), "d": (None, None)}
    for lead, (market, language) in people.items():
        made.add("leads", lead_id=lead, created_at=day(0), market=market, language=language)
    for lead, at, kind, more in (
        ("a", 10, "webinar", {}),
        ("b", 90, "fair", {}), ("c", 91, "fair", {}), ("c", 50, "fair", {}),
        ("b", 20, "visit", {"topic": "pricing"}),  # no channel: another event
        ("c", 20, "visit", {"topic": "pricing", "channel": "web"}),
        ("d", 20, "visit", {"campaign": "spring", "channel": "web"}),
    ):  # fmt: skip
        made.add("events", lead_id=lead, occurred_at=day(at), type=kind, **more)
    return made


def _allowed(company: Any, configured: Any, at: Any) -> dict[str, str]:
    """Each action's leads that can still take it."""
    extract = company.extract()
    config = configured(company, nurture={"actions": ACTIONS})
    extract.connection.execute("CREATE TABLE asked AS SELECT lead_id FROM leads ORDER BY 1 DESC")
    found = nurture.allowed_actions(
        extract, config, Snapshots("asked", 4, 4, {}, {}, 0, "time"), at
    )
    leads = found["lead_id"].to_pylist()
    assert leads == ["a", "b", "c", "d"]
    assert found.column_names == ["lead_id", *ACTIONS]
    return {
        name: "".join(
            lead for lead, can in zip(leads, found[i + 1].to_pylist(), strict=True) if can
        )
        for i, name in enumerate(ACTIONS)
    }


def test_what_is_done_is_not_offered_again(
    company: Any, configured: Any, day: Callable[..., Any]
) -> None:
    assert _allowed(company, configured, day(120)) == {
        "webinar": "bcd",
        "fair again": "abd",  # b's is thirty days ago, c's newest is not
        "Pricing": "abd",
        "pricing": "abc",
        "french": "a",
    }


def test_what_happens_later_is_not_known(
    company: Any, configured: Any, day: Callable[..., Any]
) -> None:
    before = _allowed(company, configured, day(60))
    company.add("events", lead_id="b", occurred_at=day(60, 1), type="webinar")
    assert _allowed(company, configured, day(60)) == before
    assert "b" not in _allowed(company, configured, day(61))["webinar"]
    assert "a" in _allowed(company, configured, day(10) - timedelta(microseconds=1))["webinar"]


def test_no_action_is_declared(company: Any, configured: Any, day: Callable[..., Any]) -> None:
    extract = company.extract()
    snapshots = Snapshots("leads", 4, 4, {}, {}, 0, "time")
    found = nurture.allowed_actions(extract, configured(company), snapshots, day(60))
    assert found.to_pydict() == {"lead_id": ["a", "b", "c", "d"]}
    chosen = nurture.choose(np.full(4, 0.2), np.empty((4, 0)), np.empty((4, 0), dtype=bool))
    assert chosen.action.tolist() == [-1] * 4


def test_an_instant_has_a_zone(company: Any, configured: Any, day: Callable[..., Any]) -> None:
    with pytest.raises(UsageError, match="time zone"):
        _allowed(company, configured, day(60).replace(tzinfo=None))


def test_the_next_best_is_what_raises_most() -> None:
    base = np.array([0.2, 0.2, 0.2, 0.2, 0.2])
    after = np.array([[0.3, 0.4], [0.3, 0.4], [0.2, 0.1], [0.9, 0.9], [0.3, 0.3]])
    allowed = np.array([[1, 1], [1, 0], [1, 1], [0, 0], [1, 1]], dtype=bool)
    chosen = nurture.choose(base, after, allowed)
    assert chosen.action.tolist() == [1, 0, -1, -1, 0]
    assert chosen.change == pytest.approx([0.2, 0.1, 0, 0, 0.1])
    assert chosen.possible.tolist() == [2, 1, 2, 0, 2]
