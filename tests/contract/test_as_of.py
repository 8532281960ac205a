"""Promise 1: what happens later changes nothing of what was known at an instant, to the byte."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from predictive_scoring import features
from predictive_scoring.records import FeatureSpec, Snapshots

LATER = (timedelta(microseconds=1), timedelta(hours=7), timedelta(days=9))
FEW = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # shrinking a whole history would take minutes
)


def _bytes(table: pa.Table) -> bytes:
    """The table as an Arrow stream; rebuilt first, since unused bits of a buffer mean nothing."""
    columns = [pa.array(c.to_pylist(), c.type) for c in table.columns]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(pa.table(columns, schema=table.schema))
    return bytes(sink.getvalue())


def _later(history: Any, after: datetime, rng: np.random.Generator) -> Any:
    """The history with more of everything after the instant, some of it by 1 microsecond.

    A lead's first change of a column comes with the value that held before it, dated its
    creation, as a complete log has it. A person who becomes known later may bring a past along:
    visits from before anyone knew whose they were, stages of an imported history.
    """
    grown = history.copy()

    def at() -> datetime:
        return after + LATER[rng.integers(len(LATER))]

    for lead in history.rows["leads"]:
        key = {"lead_id": lead["lead_id"]}
        grown.add("events", **key, occurred_at=at(), type="visit", topic="pricing", value=0.3)
        grown.add("events", **key, occurred_at=at(), type="new", channel="web", topic="jobs")
        grown.add("activities", **key, occurred_at=at(), kind="call")
        for stage in ("mql", "sql", "rejected", "won"):
            grown.add("stages", **key, entered_at=at(), stage=stage)
        known = {c["column"] for c in history.rows["changes"] if c["lead_id"] == lead["lead_id"]}
        for column, value in (("size", "999"), ("industry", "zinc"), ("newsletter", "false")):
            if column not in known:
                before = _text(lead[f"profile_{column}"])
                grown.add("changes", **key, column=column, value=before,
                          changed_at=lead["created_at"])  # fmt: skip
            grown.add("changes", **key, column=column, value=value, changed_at=at())
        grown.add("leads", lead_id=f"new {lead['lead_id']}", account_id=lead["account_id"],
                  created_at=at())  # fmt: skip
        new = {"lead_id": f"new {lead['lead_id']}"}
        for days in (0.0, 0.5, 20.0, 29.5, 45.0):
            grown.add("events", **new, occurred_at=after - timedelta(days=days), type="visit")
        for stage in ("sql", "rejected"):
            grown.add("stages", **new, entered_at=after - timedelta(days=3), stage=stage)
        grown.add("events", **new, occurred_at=at(), type="form")
    return grown


def _text(value: Any) -> str | None:
    return {None: None, True: "true", False: "false"}.get(value, str(value))


def _features(history: Any, spec: FeatureSpec | None, as_of: datetime) -> tuple[FeatureSpec, bytes]:
    """Features of every lead known at the instant, open or not; the spec is kept."""
    extract, config = history.extract(), history.config()
    spec = spec or features.plan(extract, config)
    extract.connection.execute(
        "CREATE TABLE looked_at AS SELECT lead_id, account_id, market, $at::TIMESTAMP AS as_of, "
        "1::BIGINT AS position, 1::BIGINT AS planned_until, NULL::VARCHAR AS label "
        "FROM leads WHERE created_at <= as_of "
        "AND lead_id NOT LIKE 'new %'",
        {"at": as_of.replace(tzinfo=None)},
    )
    snapshots = Snapshots("looked_at", 0, 0, {}, {}, 0, "time")
    rows = features.build(extract, spec, snapshots, config).order_by("lead_id")
    return spec, _bytes(rows.to_pyarrow())


@FEW
@given(seed=st.integers(0, 2**31), hours=st.integers(0, 100 * 2))
def test_as_of_any_instant(
    random_history: Callable[..., Any], day: Callable[..., datetime], seed: int, hours: int
) -> None:
    history, as_of = random_history(seed), day(hours / 2)
    spec, before = _features(history, None, as_of)
    grown = _later(history, as_of, np.random.default_rng(seed))
    _, after = _features(grown, spec, as_of)
    assert before == after


@FEW
@given(seed=st.integers(0, 2**31))
def test_as_of_scoring(
    random_history: Callable[..., Any], day: Callable[..., datetime], seed: int
) -> None:
    history, as_of = random_history(seed), day(45)
    spec, before = _scored(history, None, as_of)
    _, after = _scored(_later(history, as_of, np.random.default_rng(seed)), spec, as_of)
    assert before == after


def _scored(
    history: Any, spec: FeatureSpec | None, as_of: datetime
) -> tuple[FeatureSpec, list[bytes]]:
    extract, config = history.extract(), history.config()
    spec = spec or features.plan(extract, config)
    snapshots = features.scoring_snapshots(extract, config, as_of)
    batches = features.scoring_batches(extract, spec, snapshots, config, 3)
    return spec, [_bytes(pa.Table.from_batches([batch])) for batch in batches]


@FEW
@given(seed=st.integers(0, 2**31))
def test_as_of_training(
    random_history: Callable[..., Any], day: Callable[..., datetime], seed: int
) -> None:
    """Everything after the extract's own end: the same snapshots, labels and features."""
    history = random_history(seed)
    spec, before = _trained(history, None)
    _, after = _trained(_later(history, day(100), np.random.default_rng(seed)), spec)
    assert before == after


def _trained(history: Any, spec: FeatureSpec | None) -> tuple[FeatureSpec, tuple[bytes, ...]]:
    extract, config = history.extract(), history.config()
    spec = spec or features.plan(extract, config)
    snapshots = features.training_snapshots(extract, config)
    table = features.training_table(extract, spec, snapshots, config)
    keys = "\n".join(map(str, zip(table.lead_id, table.position, table.outcome, strict=True)))
    return spec, (_bytes(table.features), keys.encode())


@pytest.mark.parametrize("seed", range(3))
def test_as_of_a_first_change_of_a_kept_column(
    random_history: Callable[..., Any], day: Callable[..., datetime], seed: int
) -> None:
    """A log that does not begin at creation, kept all the same: a change to a lead without any."""
    history, as_of = random_history(seed), day(50)
    history.settings["features"]["keep"] = {"size": "asked for"}
    first, *others = [lead for lead in history.rows["leads"] if lead["created_at"] < as_of]
    history.add("changes", lead_id=first["lead_id"], column="size", value="4", changed_at=day(90))
    history.rows["changes"] = [
        c for c in history.rows["changes"]
        if (c["lead_id"], c["column"]) != (first["lead_id"], "size") or c["changed_at"] == day(90)
    ]  # fmt: skip
    spec, before = _features(history, None, as_of)
    assert {c.dimension: c.source for c in spec.columns}["size"] == "changes"
    grown = history.copy()
    for lead in others:
        grown.add("changes", lead_id=lead["lead_id"], column="size", value="7", changed_at=day(60))
    assert _features(grown, spec, as_of)[1] == before


@pytest.mark.parametrize("seed", range(3))
def test_as_of_plan(
    random_history: Callable[..., Any], day: Callable[..., datetime], seed: int
) -> None:
    """What training never looks at has no say in which columns there are."""
    history = random_history(seed, leads=40)
    history.settings["features"]["values_per_dimension"] = 2
    spec = features.plan(history.extract(), history.config())
    grown, mature = history.copy(), day(100 - 15)
    ends = [s for s in history.rows["stages"] if s["stage"] in ("sql", "rejected")]
    assert len(ends) > 5
    for stage in ends:
        at = {"lead_id": stage["lead_id"], "occurred_at": stage["entered_at"]}
        for _ in range(300):
            grown.add("events", **at, type="onboarding", channel="app", topic="help", value=1.0)
            grown.add("activities", **at, kind="kick-off")
    for lead in history.rows["leads"]:
        at = {"lead_id": lead["lead_id"], "occurred_at": mature + timedelta(microseconds=1)}
        for _ in range(50):
            grown.add("events", **at, type="newest", channel="fair", topic="news", value=1.0)
            grown.add("activities", **at, kind="fair")
        grown.add("leads", lead_id=f"new {lead['lead_id']}", account_id=lead["account_id"],
                  created_at=mature + timedelta(days=1), profile_size=float(len(grown.rows)),
                  profile_industry="new")  # fmt: skip
    assert features.plan(grown.extract(), grown.config()) == spec


@pytest.mark.parametrize("seed", range(3))
def test_as_of_quiet_instants(random_history: Callable[..., Any], seed: int) -> None:
    """A quiet instant needs nothing that comes after it: without it, it is there all the same."""
    history = random_history(seed)
    history.settings |= {"snapshots": {"quiet": {"days": 1}, "per_lead": 4, "max_age": 90}}
    extract, config = history.extract(), history.config()
    features.training_snapshots(extract, config)
    every = extract.connection.execute("SELECT lead_id, as_of FROM snapshots_training").fetchall()
    assert len(every) > 10
    for lead, naive in every[:6]:
        past = history.copy()
        past.rows["events"] = [
            e for e in past.rows["events"] if e["occurred_at"].replace(tzinfo=None) <= naive
        ]
        shorter = past.extract()
        features.training_snapshots(shorter, config)
        rows = shorter.connection.execute("SELECT lead_id, as_of FROM snapshots_training")
        assert (lead, naive) in rows.fetchall()
