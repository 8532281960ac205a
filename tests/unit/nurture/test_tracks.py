from collections.abc import Callable
from importlib import import_module
from typing import Any

import pyarrow as pa
import pytest

from predictive_scoring import nurture

TRACKS = {
    "air": {"content": ["guide", "case", "demo"], "topics": ["filters"], "languages": ["fr", "en"]},
    "japan": {"content": ["welcome"], "markets": ["JP"], "tiers": ["cold"]},
    "rest": {"content": ["newsletter"], "tiers": ["nurture"]},
}


@pytest.fixture
def company(history: Callable[..., Any], day: Callable[..., Any]) -> Any:
    made = history()
    for lead in "abcdef":
        made.add("leads", lead_id=lead, created_at=day(0))
    for lead, at, topic, more in (
        ("a", 1, "filters", {}), ("a", 2, "filters", {"campaign": "guide"}), ("a", 3, "jobs", {}),
        ("b", 1, "filters", {}), ("b", 2, "jobs", {}),  # as many: the latest counts
        ("c", 1, "jobs", {}), ("c", 2, "filters", {"type": "case"}), ("c", 3, None, {}),
        ("d", 1, "filters", {"type": "demo"}), ("d", 2, "filters", {"campaign": "case"}),
        ("d", 3, "filters", {"campaign": "guide"}),
    ):  # fmt: skip
        made.add(
            "events", lead_id=lead, occurred_at=day(at), topic=topic, **{"type": "visit", **more}
        )
    return made


def _tracks(company: Any, configured: Any, at: Any) -> dict[str, tuple[str, str, str]]:
    config = configured(company, nurture={"tracks": TRACKS})
    leads = pa.Table.from_pylist([
        {"lead_id": "f", "tier": "cold", "market": "JP", "language": "ja"},
        {"lead_id": "e", "tier": "cold", "market": "FR", "language": None},
        {"lead_id": "d", "tier": "nurture", "market": "FR", "language": "fr"},
        {"lead_id": "c", "tier": "cold", "market": "FR", "language": "fr"},
        {"lead_id": "b", "tier": "nurture", "market": "FR", "language": "fr"},
        {"lead_id": "a", "tier": "nurture", "market": "GB", "language": "en"},
    ])  # fmt: skip
    found = nurture.tracks(company.extract(), config, leads, at)
    assert found["lead_id"].to_pylist() == list("abcdef")
    return {r["lead_id"]: (r["track"], r["topic"], r["content"]) for r in found.to_pylist()}


def test_the_first_track_that_fits(company: Any, configured: Any, day: Callable[..., Any]) -> None:
    assert _tracks(company, configured, day(9)) == {
        "a": ("air", "filters", "case"),
        "b": ("rest", "jobs", "newsletter"),
        "c": ("air", "filters", "guide"),
        "d": ("air", "filters", ""),  # nothing of it is left
        "e": ("", "", ""),
        "f": ("japan", "", "welcome"),
    }


def test_as_of(company: Any, configured: Any, day: Callable[..., Any]) -> None:
    assert _tracks(company, configured, day(1))["b"] == ("air", "filters", "guide")
    before = _tracks(company, configured, day(3))
    for lead in "abc":
        for topic in ("jobs", "other", "other"):
            company.add("events", lead_id=lead, occurred_at=day(3, 1), type="guide", topic=topic)
    assert _tracks(company, configured, day(3)) == before


def test_however_many_at_a_time(
    company: Any, configured: Any, day: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _tracks(company, configured, day(9))
    monkeypatch.setattr(import_module("predictive_scoring.nurture.tracks"), "_PART_ROWS", 4)
    assert _tracks(company, configured, day(9)) == whole


def test_nothing_is_declared(company: Any, configured: Any, day: Callable[..., Any]) -> None:
    leads = pa.table({"lead_id": ["a"], "tier": ["cold"], "market": ["FR"], "language": ["fr"]})
    found = nurture.tracks(company.extract(), configured(company), leads, day(9))
    assert found.to_pylist() == [{"lead_id": "a", "track": "", "topic": "filters", "content": ""}]


def test_nothing_is_left_on_the_connection(
    company: Any, configured: Any, day: Callable[..., Any]
) -> None:
    extract, things = company.extract(), "SELECT count(*) FROM duckdb_views() WHERE NOT internal"
    leads = pa.table({"lead_id": ["a"], "tier": ["cold"], "market": ["FR"], "language": ["fr"]})
    nurture.tracks(extract, configured(company, nurture={"tracks": TRACKS}), leads, day(9))
    assert extract.connection.execute(things).fetchall() == [(0,)]
