"""What a scoring run left in the store, read back for whoever started it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.runs.results import Conflict

if TYPE_CHECKING:
    from predictive_scoring.records import RunSummary

_EXAMPLES = 3


def stored_run(store: Path, run_id: str) -> RunSummary:
    """The summary of a run that is in the store."""
    from predictive_scoring import sinks
    from predictive_scoring.records import RunSummary

    with sinks.open_reader(store) as reader:
        found = reader.execute(
            "SELECT scored, excluded, quarantined, handed_over FROM score_runs WHERE run_id = ?",
            [run_id],
        ).fetchone()
    assert found is not None  # noqa: S101  (the caller has just seen it)
    scored, excluded, quarantined, handed = found
    counts = {str(reason): int(count) for reason, count in excluded.items()}
    return RunSummary(run_id, scored, counts, quarantined, True, str(store), handed_over=handed)


def best(store: Path) -> tuple[tuple[str, float, str], ...]:
    """Find the three leads to call first: identifier, probability, strongest reason in English.

    None where all leads score alike: then the model has no opinion of whom to call.
    """
    from predictive_scoring import sinks

    with sinks.open_reader(store) as reader:
        rows = reader.execute(
            "SELECT lead_id, probability, coalesce(sentences['en'][1], sentences['fr'][1], '') "
            "FROM lead_scores WHERE (SELECT max(probability) > min(probability) FROM lead_scores) "
            "ORDER BY probability DESC, lead_id LIMIT 3"
        ).fetchall()
    return tuple((str(a), float(b), str(c)) for a, b, c in rows)


def tiers(store: Path) -> Mapping[str, int]:
    """Count the current leads by tier, the hottest first; empty without a threshold."""
    from predictive_scoring import sinks

    with sinks.open_reader(store) as reader:
        rows = reader.execute(
            "SELECT tier, count(*) FROM lead_scores WHERE tier IS NOT NULL GROUP BY tier "
            "ORDER BY list_position(['hot', 'mql', 'nurture', 'cold'], tier)"
        ).fetchall()
    return {str(tier): int(count) for tier, count in rows}


def conflicts(store: Path) -> tuple[Conflict, ...]:
    """Where score and criteria disagree: by the criterion failed, then the reverse."""
    from predictive_scoring import sinks

    high = """FROM (SELECT lead_id, probability, threshold, unnest(criteria) AS c FROM lead_scores)
        WHERE probability >= threshold AND c.met IS NOT TRUE"""
    low = (
        """FROM lead_scores WHERE len(criteria) > 0 AND criteria_met AND probability < threshold"""
    )
    with sinks.open_reader(store) as reader:
        failed = reader.execute(
            f"SELECT c.name, count(*), arg_max(lead_id, probability, {_EXAMPLES}) {high} "
            "GROUP BY c.name ORDER BY count(*) DESC, c.name"
        ).fetchall()
        passed = reader.execute(
            f"SELECT '', count(*), arg_min(lead_id, probability, {_EXAMPLES}) {low}"
        ).fetchall()
    return tuple(
        Conflict(name, count, tuple(examples)) for name, count, examples in failed + passed if count
    )
