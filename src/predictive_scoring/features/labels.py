"""What is known of a snapshot's outcome: positive, negative, or honestly unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features.elapsed import known_until, table, utc
from predictive_scoring.records import Label

if TYPE_CHECKING:
    from ibis.expr.types import StringValue, Table

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract


def people(extract: Extract, config: Config) -> Table:
    """One row per lead: its keys, created_at, outcome and what first happened when.

    closed_at: a closing stage; success_at: the success stage; decided_at: a closing stage or a
    rejection; worked_at: an activity of sales. NULL where it never happened.
    """
    outcome, stages = config.outcome, table(extract, "stages")
    at, stage = stages["entered_at"], stages["stage"]
    ends = stages.group_by("lead_id").aggregate(
        closed_at=at.min(where=stage.isin(outcome.closes)),
        success_at=at.min(where=stage == outcome.stage),
        decided_at=at.min(where=stage.isin([*outcome.closes, "rejected"])),
    )
    activities = table(extract, "activities")
    work = activities.group_by("lead_id").aggregate(worked_at=activities["occurred_at"].min())
    leads = table(extract, "leads").select(
        "lead_id", "row_number", "created_at", "account_id", "market", "outcome"
    )
    joined = leads.left_join(ends, "lead_id").drop("lead_id_right")
    return joined.left_join(work, "lead_id").drop("lead_id_right")


def staged_label(rows: Table, extract: Extract, config: Config) -> StringValue:
    """The label of (lead, as_of) rows that carry the columns of ``people``.

    The first that holds: UNOBSERVED (as-of before outcomes were recorded), IMMATURE (the horizon
    ends after the extract, whatever happened so far: early successes alone would inflate the
    rate), POSITIVE (success in (as_of, as_of + horizon]), CENSORED (sales neither worked the lead
    nor decided on it until the horizon's end), NEGATIVE.
    """
    end = rows["as_of"] + ibis.interval(days=config.outcome.horizon)
    success = (rows["success_at"] > rows["as_of"]) & (rows["success_at"] <= end)
    cases = [*_unknown(rows, extract, config), (success, Label.POSITIVE.value)]
    if config.outcome.censor_unworked and "activities" in extract.declared:
        touched = (rows["worked_at"] <= end) | (rows["decided_at"] <= end)
        cases.append((~ibis.coalesce(touched, False), Label.CENSORED.value))
    return ibis.cases(*cases, else_=Label.NEGATIVE.value)


def stated_label(rows: Table, extract: Extract, config: Config, dated: bool) -> StringValue:
    """The label of a flat company's leads: what its outcome column says, once mature."""
    cases = _unknown(rows, extract, config) if dated else []
    cases += [
        (rows["outcome"].isnull(), Label.IMMATURE.value),
        (rows["outcome"], Label.POSITIVE.value),
    ]
    return ibis.cases(*cases, else_=Label.NEGATIVE.value)


def _unknown(rows: Table, extract: Extract, config: Config) -> list[tuple[object, str]]:
    end = rows["as_of"] + ibis.interval(days=config.outcome.horizon)
    known = ibis.literal(known_until(extract), "timestamp(6)")
    cases: list[tuple[object, str]] = [(end > known, Label.IMMATURE.value)]
    if config.outcome.recorded_from is not None:
        since = ibis.literal(utc(config.outcome.recorded_from), "timestamp(6)")
        cases.insert(0, (rows["as_of"] < since, Label.UNOBSERVED.value))
    return cases
