"""The columns computed from behaviour, sales activity, accounts and the calendar.

Names are stable: ``visit_count_7d`` (type), ``topic_pricing_count_30d``, ``any_recency``,
``any_days_90d``, ``any_trend_30d``, ``sales_call_count_all``, ``account_known``. A number of days
is the window looked back, both ends included; ``all`` is all time until the as-of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from predictive_scoring.config import Ages
from predictive_scoring.features.naming import slugs
from predictive_scoring.records import FeatureColumn, Measure

if TYPE_CHECKING:
    from predictive_scoring.config import Config, FeatureSettings

ACCOUNT_DAYS = 30
"""Other people of an account are active if they did anything in so many days."""


def event_columns(
    settings: FeatureSettings, values: Mapping[str, tuple[str, ...]], valued: bool
) -> tuple[FeatureColumn, ...]:
    """Every column of the events.

    Counts for each value of each dimension and for all events, over each window and all time;
    distinct active days (UTC) over the same; days since the last event of each type and of any;
    the trend (count in the window minus count in the window before it) over each window for all
    events and over the middle window for each type; sums of ``value`` where it is known.
    """
    windows = tuple(sorted(set(settings.windows)))
    spans = (*windows, 0)
    middle = windows[len(windows) // 2 : len(windows) // 2 + 1]
    columns: list[FeatureColumn] = []

    def add(measure: Measure, over: Iterable[int], dimension: str = "", value: str = "",
            prefix: str = "any") -> None:  # fmt: skip
        if measure in settings.measures:
            columns.extend(
                FeatureColumn(_name(prefix, measure, window), "number", "engagement", measure,
                              "events", dimension, value, window)
                for window in over
            )  # fmt: skip

    for measure in ("count", "days", "recency", "trend"):
        add(measure, {"recency": (0,), "trend": windows}.get(measure, spans))
    if valued:
        add("value", spans)
    for dimension, found in values.items():
        for value, prefix in _prefixes(dimension, found).items():
            add("count", spans, dimension, value, prefix)
            if dimension == "type":
                add("recency", (0,), dimension, value, prefix)
                add("trend", middle, dimension, value, prefix)
    return tuple(columns)


def activity_columns(
    settings: FeatureSettings, kinds: tuple[str, ...]
) -> tuple[FeatureColumn, ...]:
    """What sales did: counts over each window and all time, days since the last, kinds all time."""
    columns = [
        _sales("count", f"sales_count_{_span(window)}", window)
        for window in (*sorted(set(settings.windows)), 0)
    ]
    columns.append(_sales("recency", "sales_recency", 0))
    names = slugs(kinds)
    columns += [
        _sales("count", f"sales_{names[kind]}_count_all", 0, kind)
        for kind in kinds
    ]  # fmt: skip
    return tuple(columns)


def account_columns(events: bool, stages: bool) -> tuple[FeatureColumn, ...]:
    """The other people of the lead's account; missing where the lead has no account."""
    found = [_account("known", "account_known")]
    if events:
        found += [
            _account("active", f"account_active_{ACCOUNT_DAYS}d", ACCOUNT_DAYS),
            _account("events", f"account_events_{ACCOUNT_DAYS}d", ACCOUNT_DAYS),
            _account("recency", "account_recency"),
        ]
    if stages:
        found += [
            _account("sqls", "account_sqls"),
            _account("rejections", "account_rejections"),
        ]
    return tuple(found)


def calendar_columns(config: Config) -> tuple[FeatureColumn, ...]:
    """The lead's age in days, month ("1" to "12") and weekday ("1", Monday, to "7") in UTC.

    The year is left out, and the age where it is the same for every snapshot: a model would
    learn from either only what does not come again.
    """
    month = FeatureColumn("month", "category", "time", "calendar", "as_of", "month")
    weekday = FeatureColumn("weekday", "category", "time", "calendar", "as_of", "weekday")
    if _one_age(config):
        return (month, weekday)
    return (FeatureColumn("age_days", "number", "time", "age", "leads"), month, weekday)


def _one_age(config: Config) -> bool:
    plan = config.snapshots.plan
    if config.flat:
        return True
    return isinstance(plan, Ages) and config.snapshots.last_age <= plan.first


def _prefixes(dimension: str, values: tuple[str, ...]) -> Mapping[str, str]:
    """The first part of each value's names: the type itself, or ``channel_email``."""
    if dimension != "type":
        return {value: f"{dimension}_{name}" for value, name in slugs(values).items()}
    # A type could be called "any" or "topic_pricing": those beginnings are taken.
    names = slugs(values, taken=("any", "sales", "account"))
    reserved = ("channel_", "topic_", "campaign_", "sales_", "account_", "type_")
    return {v: f"type_{n}" if n.startswith(reserved) else n for v, n in names.items()}


def _name(prefix: str, measure: Measure, window: int) -> str:
    return f"{prefix}_recency" if measure == "recency" else f"{prefix}_{measure}_{_span(window)}"


def _span(window: int) -> str:
    return f"{window}d" if window else "all"


def _sales(measure: Measure, name: str, window: int, kind: str = "") -> FeatureColumn:
    dimension = "kind" if kind else ""
    return FeatureColumn(name, "number", "sales", measure, "activities", dimension, kind, window)


def _account(what: str, name: str, window: int = 0) -> FeatureColumn:
    return FeatureColumn(name, "number", "account", "account", "accounts", "others", what, window)
