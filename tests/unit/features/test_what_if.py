from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from ibis.common.exceptions import IbisTypeError

from predictive_scoring import features
from predictive_scoring.config import Action
from predictive_scoring.features.what_if import _rounds
from predictive_scoring.records import Extract, FeatureColumn, FeatureSpec

ACTIONS = (
    Action(event="visit", topic="pricing"),
    Action(event="mail"),
    Action(event="mail", channel="web"),
    Action(event="visit", channel="web", topic="jobs"),
    Action(event="fair"),  # seen by no column but those of any event
)
VISITS_ABOUT_PRICING = FeatureColumn(
    "criterion", "number", "engagement", "count", "events", "type", "visit", 20,
    also=(("topic", "pricing"),),
)  # fmt: skip


@pytest.fixture
def company(random_history: Callable[..., Any]) -> Any:
    return random_history(3, leads=40, events=300)


def _spec(extract: Extract, config: Any) -> FeatureSpec:
    """A few columns of every kind, so that they are soon compiled."""
    kept = ("any", "visit", "mail_count", "channel", "topic_pricing", "account", "sales_count")
    columns = [
        c for c in features.plan(extract, config).columns
        if c.name.startswith(kept) and c.window != 3
    ]  # fmt: skip
    return FeatureSpec((*columns, VISITS_ABOUT_PRICING))


def _what_if(
    extract: Extract, config: Any, spec: FeatureSpec, at: Any, chunk: int = 1000
) -> tuple[pa.Table, list[pa.Table]]:
    snapshots = features.scoring_snapshots(extract, config, at)
    found = list(features.what_if_batches(extract, spec, snapshots, config, chunk, ACTIONS))
    base = pa.Table.from_batches([batch for batch, _ in found])
    return base, [
        pa.Table.from_batches([changed[i] for _, changed in found]) for i in range(len(ACTIONS))
    ]


def _rows(table: pa.Table) -> str:
    return repr(table.to_pylist())  # NaN equals itself so


def _done(company: Any, action: Action, leads: list[str], at: Any) -> Any:
    with_it = company.copy()
    for lead in leads:
        with_it.add(
            "events", lead_id=lead, occurred_at=at, type=action.event, channel=action.channel,
            campaign=action.campaign, topic=action.topic,
        )  # fmt: skip
    return with_it


def test_an_action_is_an_event_that_really_was(company: Any, day: Callable[..., Any]) -> None:
    extract, config = company.extract(), company.config()
    spec, at = _spec(extract, config), day(50)
    base, changed = _what_if(extract, config, spec, at)
    leads = base["lead_id"].to_pylist()
    assert len(leads) >= 3 * len(ACTIONS)
    ours = [c.name for c in spec.columns if c.source == "events"]
    others = [name for name in base.column_names if name not in ours]
    history = company
    for i, action in enumerate(ACTIONS):  # each really done by other leads
        history = _done(history, action, leads[i :: len(ACTIONS)], at)
    real = history.extract()
    snapshots = features.scoring_snapshots(real, config, at)
    batches = list(features.scoring_batches(real, spec, snapshots, config, 1000))
    built = pa.Table.from_batches(batches)
    for i, after in enumerate(changed):
        mine = list(range(i, len(leads), len(ACTIONS)))
        assert _rows(after.take(mine).select(ours)) == _rows(built.take(mine).select(ours))
        assert _rows(after.take(mine).select(ours)) != _rows(base.take(mine).select(ours))
        # What colleagues would do is left out, as is all else that is not the lead's own doing.
        assert _rows(after.select(others)) == _rows(base.select(others))
    assert _rows(built.select(others)) != _rows(base.select(others))


def test_for_one_lead_nothing_else_is_different(company: Any, day: Callable[..., Any]) -> None:
    extract, config = company.extract(), company.config()
    spec, at = _spec(extract, config), day(50)
    base, changed = _what_if(extract, config, spec, at)
    row = next(i for i, a in enumerate(base["account_id"].to_pylist()) if a is not None)
    real = _done(company, ACTIONS[0], [base["lead_id"][row].as_py()], at).extract()
    snapshots = features.scoring_snapshots(real, config, at)
    batches = list(features.scoring_batches(real, spec, snapshots, config, 1000))
    built = pa.Table.from_batches(batches)
    assert _rows(changed[0].slice(row, 1)) == _rows(built.slice(row, 1))


def test_later_events_change_nothing(company: Any, day: Callable[..., Any]) -> None:
    config, at = company.config(), day(50)
    extract = company.extract()
    spec = _spec(extract, config)
    later = _done(company, ACTIONS[0], ["L01", "L02", "L07"], day(50, 1)).extract()
    before, after = (_what_if(e, config, spec, at) for e in (extract, later))
    assert _rows(before[0]) == _rows(after[0])
    assert list(map(_rows, before[1])) == list(map(_rows, after[1]))


def test_parts_and_chunks_are_the_same(
    company: Any, day: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    extract, config = company.extract(), company.config()
    spec = _spec(extract, config)
    whole = _what_if(extract, config, spec, day(50))
    monkeypatch.setattr("predictive_scoring.features.tables._PART_ROWS", 6)
    parts = _what_if(extract, config, spec, day(50), chunk=4)
    assert _rows(parts[0]) == _rows(whole[0])
    assert list(map(_rows, parts[1])) == list(map(_rows, whole[1]))


def test_a_column_is_computed_once_and_sees_one_event() -> None:
    columns = [
        FeatureColumn(f"{dimension}_{value}", "number", "engagement", "count", "events",
                      dimension, value)
        for dimension, value in (
            ("", ""), ("type", "visit"), ("type", "mail"), ("channel", "web"), ("topic", "pricing"),
            ("topic", "never"),
        )
    ]  # fmt: skip
    rounds = [([a.event for a in r.actions], [c.name for c in r.columns])
              for r in _rounds(columns, ACTIONS)]  # fmt: skip
    assert rounds == [
        (["visit"], ["_", "type_visit", "topic_pricing"]),
        (["mail", "visit"], ["type_mail", "channel_web"]),
    ]


@pytest.mark.parametrize("stored", ["table", "view"])
def test_the_companys_events_stay_as_they_are(
    company: Any, day: Callable[..., Any], stored: str
) -> None:
    """After success, when nobody reads on, and when the reader or the build fails."""
    extract, config = company.extract(), company.config()
    connection = extract.connection
    if stored == "view":
        connection.execute("ALTER TABLE events RENAME TO kept")
        connection.execute("CREATE VIEW events AS FROM kept")
    spec = _spec(extract, config)
    snapshots = features.scoring_snapshots(extract, config, day(50))
    before = _things(connection)

    def what_if(of: FeatureSpec = spec) -> Any:
        return features.what_if_batches(extract, of, snapshots, config, 4, ACTIONS)

    assert len(list(what_if())) > 2
    assert _things(connection) == before

    unread = what_if()
    next(unread)
    assert _things(connection) != before  # the other worlds are beside it
    unread.close()
    assert _things(connection) == before

    reading = what_if()
    next(reading)
    with pytest.raises(ZeroDivisionError):
        reading.throw(ZeroDivisionError)
    assert _things(connection) == before

    broken = FeatureColumn("x", "number", "fit", "profile", "leads", "nowhere")
    with pytest.raises(IbisTypeError, match="nowhere"):
        list(what_if(FeatureSpec((*spec.columns, broken))))
    assert _things(connection) == before


def _things(connection: duckdb.DuckDBPyConnection) -> Any:
    return connection.execute(
        "SELECT schema_name, table_name, sql FROM duckdb_tables() UNION ALL "
        "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal UNION ALL "
        "SELECT schema_name, '', '' FROM duckdb_schemas() WHERE NOT internal UNION ALL "
        "SELECT '', '', (SELECT sum(hash(e)) FROM events AS e)::VARCHAR ORDER BY ALL"
    ).fetchall()
