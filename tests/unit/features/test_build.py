"""Every column against a plain reading of its definition in Python."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import ibis.config
import pytest

from predictive_scoring import features
from predictive_scoring.errors import DataError
from predictive_scoring.records import FeatureColumn, FeatureSpec

Row = dict[str, Any]
ACCOUNT_DAYS = timedelta(days=30)


class Oracle:
    """Features by loops over rows, for one history."""

    def __init__(self, history: Any, horizon_of_account: timedelta = ACCOUNT_DAYS) -> None:
        self.rows = history.rows
        self.leads = {row["lead_id"]: row for row in history.rows["leads"]}
        self.account_window = horizon_of_account

    def value(self, column: FeatureColumn, lead: str, at: datetime) -> Any:
        if column.measure == "profile":
            return self.profile(column, lead, at)
        if column.measure == "account":
            return self.account(column, lead, at)
        if column.measure == "age":
            return _days(at, self.leads[lead]["created_at"])
        if column.measure == "calendar":
            return str(at.month if column.dimension == "month" else at.isoweekday())
        return self.behaviour(column, lead, at)

    def profile(self, column: FeatureColumn, lead: str, at: datetime) -> Any:
        row, name = self.leads[lead], column.dimension
        if column.source == "leads":
            return row.get(name)
        changes = [c for c in self.rows["changes"] if (c["lead_id"], c["column"]) == (lead, name)]
        if not changes:
            value = row.get(f"profile_{name}")
            return float(value) if isinstance(value, bool) else value
        past = [c for c in changes if c["changed_at"] <= at]
        last = max((c["changed_at"] for c in past), default=None)
        texts = [c["value"] for c in past if c["changed_at"] == last and c["value"] is not None]
        if not texts:
            return None
        text = max(texts)
        return {
            "number": lambda: float(text), "flag": lambda: float(text == "true"),
            "category": lambda: text,
        }[column.kind]()  # fmt: skip

    def behaviour(self, column: FeatureColumn, lead: str, at: datetime) -> Any:
        past = [
            r for r in self.rows[column.source]
            if r["lead_id"] == lead and r["occurred_at"] <= at
            and (not column.dimension or r.get(column.dimension) == column.value)
        ]  # fmt: skip
        times = [r["occurred_at"] for r in past]
        if column.measure == "recency":
            return _days(at, max(times)) if times else None
        since = at - timedelta(days=column.window) if column.window else datetime.min.replace(
            tzinfo=UTC)  # fmt: skip
        within = [r for r in past if r["occurred_at"] >= since]
        if column.measure == "count":
            return float(len(within))
        if column.measure == "days":
            return float(len({r["occurred_at"].date() for r in within}))
        if column.measure == "value":
            return pytest.approx(sum(r["value"] or 0.0 for r in within))
        before = [t for t in times if since - timedelta(days=column.window) <= t < since]
        return float(len(within) - len(before))

    def account(self, column: FeatureColumn, lead: str, at: datetime) -> Any:
        account = self.leads[lead]["account_id"]
        if account is None:
            return None
        others = {
            other for other, row in self.leads.items()
            if row["account_id"] == account and other != lead and row["created_at"] is not None
        }  # fmt: skip
        others = {other for other in others if self.leads[other]["created_at"] <= at}
        events = [r for r in self.rows["events"] if r["lead_id"] in others]
        events = [r for r in events if r["occurred_at"] <= at]
        recent = [r for r in events if r["occurred_at"] >= at - self.account_window]
        last = max((r["occurred_at"] for r in events), default=None)
        values = {
            "known": lambda: len(others),
            "active": lambda: len({r["lead_id"] for r in recent}),
            "events": lambda: len(recent),
            "recency": lambda: None if last is None else _days(at, last),
            "sqls": lambda: len(self.reached("sql", others, at)),
            "rejections": lambda: len(self.reached("rejected", others, at)),
        }
        value = values[column.value]()
        return None if value is None else float(value)

    def reached(self, stage: str, leads: Iterable[str], at: datetime) -> set[str]:
        return {
            r["lead_id"] for r in self.rows["stages"]
            if r["lead_id"] in leads and r["stage"] == stage and r["entered_at"] <= at
        }  # fmt: skip


def _days(later: datetime, earlier: datetime) -> float:
    """Both cut to whole seconds."""
    return (later.replace(microsecond=0) - earlier.replace(microsecond=0)) / timedelta(days=1)


@pytest.mark.parametrize("seed", range(4))
def test_every_column_is_what_its_definition_says(
    random_history: Callable[..., Any], seed: int
) -> None:
    history = random_history(seed, leads=25, events=400)
    extract, config = history.extract(), history.config(snapshots={
        "ages": {"first": 0, "every": 5, "until": 40}, "per_lead": 9, "max_age": 45,
    })  # fmt: skip
    spec = features.plan(extract, config)
    snapshots = features.training_snapshots(extract, config)
    rows = features.build(extract, spec, snapshots, config).to_pyarrow().to_pylist()
    oracle = Oracle(history)
    wrong = [
        (row["lead_id"], row["as_of"], column.name, row[column.name], expected)
        for row in rows
        for column in spec.columns
        if row[column.name]
        != (expected := oracle.value(column, row["lead_id"], row["as_of"].replace(tzinfo=UTC)))
    ]
    assert not wrong
    assert len(rows) > 40
    assert {c.measure for c in spec.columns} == {
        "profile", "count", "days", "recency", "trend", "value", "age", "calendar", "account",
    }  # fmt: skip


def _two_people(history: Callable[..., Any], day: Callable[..., datetime]) -> Any:
    company = history()
    for lead, account in (("a", "X"), ("b", "X"), ("c", None)):
        company.add("leads", lead_id=lead, created_at=day(0), account_id=account)
    return company


def _one(company: Any, as_of: datetime, lead: str = "a", **settings: Any) -> Row:
    """The lead's features at the instant."""
    extract, config = company.extract(), company.config(**settings)
    spec = features.plan(extract, config)
    snapshots = features.scoring_snapshots(extract, config, as_of)
    rows = features.build(extract, spec, snapshots, config).to_pyarrow().to_pylist()
    row: Row = next(r for r in rows if r["lead_id"] == lead)
    return row


def test_windows_include_both_ends(history: Callable[..., Any], day: Callable[..., Any]) -> None:
    company = _two_people(history, day)
    for days, microseconds in ((23, -1), (23, 0), (30, 0), (30, 1)):
        company.add("events", lead_id="a", type="visit", occurred_at=day(days, microseconds))
    row = _one(company, day(30))
    assert (row["visit_count_7d"], row["visit_count_all"], row["visit_recency"]) == (2, 3, 0)


def test_days_are_counted_over_years(history: Callable[..., Any], day: Callable[..., Any]) -> None:
    """Before 1970, in more than one block of days, and twice on one day."""
    company = _two_people(history, day)
    for days in (-25_000, -20_547.5, -20_454.5, -70, -7, -6.9, 0, 0.1, 23, 23.5, 30):
        company.add("events", lead_id="a", type="visit", occurred_at=day(days))
    row = _one(company, day(30))
    assert (row["any_days_7d"], row["any_days_90d"], row["any_days_all"]) == (2, 4, 8)


def test_a_colleague_counts_once_known(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    """Visits from before a person was known become known with the person."""
    company = history()
    for lead, created in (("a", 0), ("b", 10)):
        company.add("leads", lead_id=lead, created_at=day(created), account_id="X")
    for at in (3, 4, 40):
        company.add("events", lead_id="b", type="visit", occurred_at=day(at))
    company.add("stages", lead_id="b", stage="rejected", entered_at=day(2))
    names = ("known", "active_30d", "events_30d", "recency", "rejections")

    def of_account(at: float) -> tuple[Any, ...]:
        row = _one(company, day(at))
        return tuple(row[f"account_{name}"] for name in names)

    assert of_account(9.9) == (0, 0, 0, None, 0)
    assert of_account(10) == (1, 1, 2, 6, 1)
    assert of_account(33) == (1, 1, 2, 29, 1)
    assert of_account(33.5) == (1, 1, 1, 29.5, 1)
    assert of_account(39) == (1, 0, 0, 35, 1)


def test_the_last_event_of_another_person(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    """c's old visit becomes known after b's and a's newer ones, and is not the last."""
    company = history()
    for lead, created in (("a", 0), ("b", 0), ("c", 20)):
        company.add("leads", lead_id=lead, created_at=day(created), account_id="X")
    for lead, at in (("b", 8), ("a", 12), ("c", 5)):
        company.add("events", lead_id=lead, type="visit", occurred_at=day(at))
    assert [_one(company, day(21), lead)["account_recency"] for lead in "abc"] == [13, 9, 9]


@pytest.mark.parametrize("seed", range(3))
def test_accounts_are_the_same_whoever_else_is_asked_about(
    random_history: Callable[..., Any], seed: int
) -> None:
    """Each snapshot alone, whose account's ledger is one balance, and all of them together."""
    history = random_history(seed, leads=25, events=400)
    extract, config = history.extract(), history.config()
    spec = features.plan(extract, config)
    spec = FeatureSpec(tuple(c for c in spec.columns if c.source == "accounts"))
    snapshots = features.training_snapshots(extract, config)
    together = features.build(extract, spec, snapshots, config).to_pyarrow().to_pylist()
    of_accounts = [row for row in together if row["account_id"] is not None]
    alone = replace(snapshots, table="alone")
    for row in of_accounts[:12]:
        extract.connection.execute(
            "CREATE OR REPLACE TABLE alone AS FROM snapshots_training WHERE lead_id = ? AND "
            "as_of = ?", [row["lead_id"], row["as_of"]],
        )  # fmt: skip
        assert features.build(extract, spec, alone, config).to_pyarrow().to_pylist() == [row]
    assert len({row["as_of"] for row in of_accounts}) > 10


@pytest.mark.parametrize("window", [30, 5])
def test_windows_of_accounts_are_the_columns(
    history: Callable[..., Any], day: Callable[..., Any], window: int
) -> None:
    company = _two_people(history, day)
    company.add("events", lead_id="b", type="visit", occurred_at=day(10))
    extract, config = company.extract(), company.config()
    columns = [
        FeatureColumn(what, "number", "account", "account", "accounts", "others", what, window)
        for what in ("active", "events")
    ]
    snapshots = features.scoring_snapshots(extract, config, day(20))
    rows = features.build(extract, FeatureSpec(tuple(columns)), snapshots, config).to_pyarrow()
    found = {row["lead_id"]: (row["active"], row["events"]) for row in rows.to_pylist()}
    assert found["a"] == ((1, 1) if window == 30 else (0, 0))


def _logged(history: Callable[..., Any], day: Callable[..., Any], **keep: str) -> Any:
    """Only a's log begins at its creation; b's begins later, c has none."""
    made = history(
        declared=frozenset({"leads", "stages", "changes"}), profile={"size": "number"},
        settings={"features": {"keep": keep}},
    )  # fmt: skip
    for i, lead in enumerate("abc"):
        made.add("leads", lead_id=lead, created_at=day(0), profile_size=500.0 + i)
    made.add("changes", lead_id="a", column="size", value="10", changed_at=day(0))
    made.add("changes", lead_id="a", column="size", value="20", changed_at=day(15))
    return made.add("changes", lead_id="b", column="size", value="30", changed_at=day(5))


def test_a_kept_column_is_read_from_logs_that_begin_at_creation(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    company = _logged(history, day, size="asked for")
    assert [_one(company, day(10), lead)["size"] for lead in "abc"] == [10, None, None]
    assert _one(company, day(15))["size"] == 20


def test_a_log_that_has_become_incomplete_is_refused(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    company = _logged(history, day)
    whole = company.copy()
    del whole.rows["changes"][-1]
    spec = features.plan(whole.extract(), whole.config())
    assert "size" in spec.names
    extract, config = company.extract(), company.config()
    snapshots = features.scoring_snapshots(extract, config, day(10))
    with pytest.raises(DataError, match=r"'size'.* 1 lead ") as refused:
        next(features.scoring_batches(extract, spec, snapshots, config, 10))
    assert "train anew" in refused.value.todo


def test_nothing_happened_is_zero_and_never_is_missing(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    company = _two_people(history, day).add(
        "events", lead_id="b", type="visit", occurred_at=day(2), value=3.0
    )
    row = _one(company, day(30))
    assert (row["visit_count_all"], row["any_days_7d"], row["any_value_all"]) == (0, 0, 0)
    assert row["any_recency"] is None
    assert (row["account_recency"], row["account_events_30d"]) == (28, 1)
    assert _one(company, day(30), "c")["account_known"] is None


def test_no_events_at_all(history: Callable[..., Any], day: Callable[..., Any]) -> None:
    row = _one(_two_people(history, day), day(30))
    assert (row["any_count_all"], row["any_recency"], row["account_active_30d"]) == (0, None, 0)


def test_unusable_values_count_as_missing(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    company = _two_people(history, day)
    for value in (float("inf"), float("nan"), -1e300, 1e12, 2.5):
        company.add("events", lead_id="a", type="visit", occurred_at=day(2), value=value)
    assert _one(company, day(30))["any_value_all"] == 2.5


def test_hostile_values_count_for_themselves(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    hostile = ["'; DROP TABLE events; --", 'page "tarifs"', "日本", "中国", "any", "channel_a"]
    company = _two_people(history, day)
    for number, value in enumerate(hostile, 1):
        for _ in range(number):
            company.add("events", lead_id="a", type=value, channel="a", occurred_at=day(2))
    extract, config = company.extract(), company.config()
    spec = features.plan(extract, config)
    names = {c.value: c.name for c in spec.columns if c.dimension == "type" and not c.window
             and c.measure == "count"}  # fmt: skip
    row = _one(company, day(30))
    assert [row[names[value]] for value in hostile] == [1, 2, 3, 4, 5, 6]
    assert row["channel_a_count_all"] == 21


def test_a_large_account_is_not_quadratic(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    """5,000 people, 100,000 events, 20,000 snapshots: joining them would make 2 billion rows."""
    company = _two_people(history, day)
    extract, config = company.extract(), company.config(
        snapshots={"ages": {"first": 20, "every": 5, "until": 35}, "max_age": 35},
        features={"dimensions": [], "measures": ["count"], "windows": [30]},
    )  # fmt: skip
    extract.connection.execute("DELETE FROM leads")
    extract.connection.execute(
        "INSERT INTO leads (lead_id, row_number, created_at, account_id) SELECT i::VARCHAR, i, "
        "TIMESTAMP '2026-01-01' + to_hours((i % 240)::INT), 'X' FROM range(5000) t(i)"
    )
    extract.connection.execute(
        "INSERT INTO events (lead_id, occurred_at, type) SELECT (i % 5000)::VARCHAR, "
        "TIMESTAMP '2026-01-01' + to_minutes((i * 7919 % 80000)::INT), 'visit' "
        "FROM range(100000) t(i)"
    )
    spec = features.plan(extract, config)
    snapshots = features.training_snapshots(extract, config)
    rows = features.build(extract, spec, snapshots, config)
    assert snapshots.rows == 20_000
    found = rows.aggregate(events=rows.account_events_30d.max(), last=rows.account_recency.max())
    assert found.events.to_pyarrow()[0].as_py() > 40_000
    assert found.last.to_pyarrow()[0].as_py() < 30


@pytest.mark.parametrize("dialect", ["duckdb", "pyspark"])
def test_the_expression_is_no_engines_own(
    random_history: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    class SparkOptions(ibis.config.Config):  # type: ignore[misc]
        treat_nan_as_null: bool = False

    monkeypatch.setattr(ibis.options, "pyspark", SparkOptions())
    history = random_history(1)
    extract, config = history.extract(), history.config()
    snapshots = features.training_snapshots(extract, config)
    rows = features.build(extract, features.plan(extract, config), snapshots, config)
    query = str(ibis.to_sql(rows, dialect=dialect)).lower()
    assert "asof" not in query
    assert "md5" not in query


def test_an_empty_spec_gives_the_keys(history: Callable[..., Any], day: Callable[..., Any]) -> None:
    company = _two_people(history, day)
    extract, config = company.extract(), company.config()
    snapshots = features.scoring_snapshots(extract, config, day(3))
    rows = features.build(extract, FeatureSpec(()), snapshots, config)
    assert rows.columns == (
        "lead_id", "account_id", "market", "as_of", "position", "planned_until", "label",
    )  # fmt: skip
