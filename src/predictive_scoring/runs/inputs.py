"""Whether the configuration still gives what the model was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.errors import UsageError

if TYPE_CHECKING:
    from predictive_scoring.config import Config
    from predictive_scoring.model import ModelBundle
    from predictive_scoring.records import FeatureColumn


def require_inputs(bundle: ModelBundle, config: Config) -> None:
    """Raise UsageError when the configuration lacks an input of the model's, or has retyped one.

    A table left out would count as "nothing ever happened", and score leads wrongly in silence.
    """
    problems = [p for c in bundle.spec.columns if (p := _problem(c, config))]
    if bundle.horizon_days != config.outcome.horizon:
        problems.append(f"outcome.horizon {bundle.horizon_days} (now {config.outcome.horizon})")
    if problems:
        raise UsageError(
            "the model was trained on what the configuration no longer declares: "
            + ", ".join(dict.fromkeys(problems)),
            "the configuration the champion was trained with, or a model of the new one",
            "undo the change, or train again: predictive-scoring train, then models promote",
        )


def _problem(column: FeatureColumn, config: Config) -> str:
    """Name what the column needs of the configuration and does not find, "" where all is there."""
    leads, sources = config.sources.leads, config.sources
    if column.source == "profile":
        declared = leads.profile.get(column.dimension)
        if declared is None:
            return f"sources.leads.profile.{column.dimension}"
        if declared.type != column.kind:
            return f"sources.leads.profile.{column.dimension} as a {column.kind}"
        return ""
    if column.source == "leads" and column.dimension in ("market", "language"):
        there = getattr(leads, column.dimension) is not None
        return "" if there else f"sources.leads.{column.dimension}"
    if column.source == "accounts":
        return "" if leads.account_id is not None else "sources.leads.account_id"
    if column.source == "activities":
        return "" if sources.activities is not None else "sources.activities"
    if column.source == "events":
        return _events_problem(column, config)
    return ""


def _events_problem(column: FeatureColumn, config: Config) -> str:
    events = config.sources.events
    if events is None:
        return "sources.events"
    needed = "value" if column.measure == "value" else column.dimension
    if needed and getattr(events, needed, None) is None:
        return f"sources.events.{needed}"
    return ""
