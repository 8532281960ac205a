"""One mistyped date is not the end of the extract: nothing in it is later than today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from predictive_scoring.config import Config
from predictive_scoring.sources import load

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD = {"leads": {"file": "leads.csv", "lead_id": "id", "created_from": "first_event"}}


@pytest.fixture
def company(tmp_path: Path, connection):
    """Load leads A and B, and events of A at the given instants, at noon of the first of March."""

    def run(*instants: str, now: datetime = NOW, **settings: Any):
        leads = "id,at\nA,2026-02-20T00:00:00Z\nB,2026-02-21T00:00:00Z\n"
        (tmp_path / "leads.csv").write_text(leads)
        lines = "".join(f"A,{instant},visit\n" for instant in instants)
        (tmp_path / "events.csv").write_text("id,at,type\n" + lines)
        (tmp_path / "stages.csv").write_text("id,at,stage\n")
        at = {"lead_id": "id", "occurred_at": "at", "type": "type"}
        sources = {
            "leads": {"file": "leads.csv", "lead_id": "id", "created_at": "at"},
            "events": {"file": "events.csv", **at},
            "stages": {"file": "stages.csv", "lead_id": "id", "entered_at": "at", "stage": "stage"},
            **settings.pop("sources", {}),
        }
        whole = {"company": "Test", "base": tmp_path, "sources": sources, **settings}
        return load(Config(**whole), connection, now=now)

    return run


def quarantined(extract) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = extract.connection.execute(
        "SELECT line, reason FROM quarantine ORDER BY line"
    ).fetchall()
    return found


def test_a_mistyped_year_does_not_make_every_lead_mature(company):
    extract = company("2026-02-25T00:00:00Z", "2062-02-25T00:00:00Z")
    assert extract.extract_at == datetime(2026, 2, 25, tzinfo=UTC)
    assert quarantined(extract) == [(3, "dated 2062-02-25 00:00:00 UTC, after today")]
    assert "1 rows dated after today are no part of it" in extract.notes[0]
    assert "2026-02-25T00:00:00+00:00" in extract.notes[0]


def test_rows_after_today_follow_the_declared_rule(company):
    extract = company(
        "2026-02-25T00:00:00Z",
        "2062-02-25T00:00:00Z",
        sources={"after_extract": "set_aside"},
    )
    assert quarantined(extract) == []
    (events,) = (count for count in extract.counts if count.table == "events")
    assert events.rules == {"dated after today": 1}
    assert "1 rows dated after today are no part of it" in extract.notes[0]


def test_a_day_is_allowed_for_clocks_and_zones(company):
    extract = company("2026-03-02T12:00:00Z", "2026-03-02T12:00:01Z")
    assert extract.extract_at == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert [line for line, _ in quarantined(extract)] == [3]


def test_the_same_data_give_the_same_on_another_day(company):
    cells = ("2026-02-25T00:00:00Z", "2062-02-25T00:00:00Z")
    one, other = (company(*cells, now=NOW + timedelta(days)) for days in (0, 400))
    assert (one.extract_at, one.counts, one.notes) == (other.extract_at, other.counts, other.notes)
    assert quarantined(one) == quarantined(other)


def test_a_declared_extract_is_taken_whatever_the_clock_shows(company):
    extract = company("2030-01-01T00:00:00Z", extract_at="2031-01-01T00:00:00Z")
    assert extract.extract_at == datetime(2031, 1, 1, tzinfo=UTC)
    assert quarantined(extract) == []
    assert extract.notes == ()


def test_without_a_given_instant_the_clock_is_looked_at(company):
    tomorrow, later = (datetime.now(UTC) + timedelta(hours=hours) for hours in (20, 30))
    extract = company(tomorrow.isoformat(), later.isoformat(), now=None)
    assert [line for line, _ in quarantined(extract)] == [3]


@pytest.mark.parametrize(("newest", "said"), [("2026-02-01", False), ("2026-02-02", True)])
def test_a_newest_instant_that_stands_alone_is_said_aloud(company, newest: str, said: bool):
    """An old extract with a mistyped date that is not after today: only a person can tell."""
    cells = ("2026-01-01T12:00:00Z", "2026-01-02T00:00:00Z", f"{newest}T00:00:00Z")
    notes = company(*cells, sources=OLD).notes
    assert any("31 days after the second newest" in note for note in notes) is said
    if said:
        assert "if it is a typing error, declare `extract_at`" in " ".join(notes)
