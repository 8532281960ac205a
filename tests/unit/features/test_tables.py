import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from predictive_scoring import features


@pytest.fixture
def company(history: Callable[..., Any], day: Callable[..., Any]) -> Any:
    made = history(
        profile={"size": "number", "industry": "category", "newsletter": "flag"},
        settings={"snapshots": {"ages": {"every": 1, "until": 0}, "score_at": "snapshot"}},
    )
    for i, lead in enumerate("dacb"):
        known = {"profile_size": 2.0 + i, "profile_industry": f"k{i}", "profile_newsletter": i > 1}
        made.add("leads", lead_id=lead, created_at=day(i // 2), account_id="X" if i else None,
                 **(known if i else {}))  # fmt: skip
        made.add("activities", lead_id=lead, kind="call", occurred_at=day(5))
    made.add("stages", lead_id="a", stage="sql", entered_at=day(3))
    return made


def test_training_table(company: Any, day: Callable[..., Any]) -> None:
    extract, config = company.extract(), company.config()
    spec = features.plan(extract, config)
    table = features.training_table(
        extract, spec, features.training_snapshots(extract, config), config
    )
    assert table.features.schema.names == list(spec.names)
    assert table.lead_id.tolist() == ["a", "d", "b", "c"]
    assert table.account_id.tolist() == ["X", "", "X", "X"]
    assert table.market.tolist() == [""] * 4
    assert table.outcome.tolist() == [1.0, 0.0, 0.0, 0.0]
    assert table.position[0] == day(0).timestamp() * 10**6
    assert table.planned_until.dtype == table.position.dtype
    assert table.planned_until.tolist() == table.position.tolist()  # there is one instant only
    kinds = {c.name: table.features.schema.field(c.name).type for c in spec.columns}
    assert {kinds[c.name] for c in spec.columns if c.kind == "category"} == {pa.string()}
    assert {kinds[c.name] for c in spec.columns if c.kind != "category"} == {pa.float64()}
    assert table.features["industry"].to_pylist() == ["k1", None, "k3", "k2"]
    assert table.features["newsletter"].to_pylist()[2:] == [1.0, 1.0]
    assert math.isnan(table.features["size"].to_pylist()[1])
    assert table.features["size"].null_count == 0


def test_training_in_parts_is_the_same(
    random_history: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the parts: a lead with several snapshots is never divided."""
    history = random_history(3, leads=40, events=300)
    extract, config = history.extract(), history.config()
    spec = features.plan(extract, config)
    snapshots = features.training_snapshots(extract, config)
    whole = features.training_table(extract, spec, snapshots, config)
    monkeypatch.setattr("predictive_scoring.features.tables._PART_ROWS", 2)
    parts = features.training_table(extract, spec, snapshots, config)
    assert len(set(whole.lead_id)) < len(whole)
    assert list(zip(parts.lead_id, parts.position, strict=True)) == list(
        zip(whole.lead_id, whole.position, strict=True)
    )
    assert repr(parts.features.to_pylist()) == repr(whole.features.to_pylist())  # NaN too


def test_nobody_to_train_on(company: Any) -> None:
    extract, config = company.extract(), company.config()
    spec = features.plan(extract, config)
    snapshots = features.training_snapshots(extract, config)
    extract.connection.execute("DELETE FROM snapshots_training")
    table = features.training_table(extract, spec, snapshots, config)
    assert len(table) == 0
    assert table.features.schema.names == list(spec.names)


def test_scoring_leaves_the_workspace_as_it_was(company: Any, day: Callable[..., Any]) -> None:
    extract, config = company.extract(), company.config()
    spec = features.plan(extract, config)
    snapshots = features.scoring_snapshots(extract, config, day(2))
    tables = _tables(extract)
    batches = features.scoring_batches(extract, spec, snapshots, config, 2)
    first = next(batches)
    assert extract.connection.execute("SELECT 1").fetchall() == [(1,)]  # between two batches
    assert first["lead_id"].to_pylist() == ["a", "b"]
    assert next(batches)["lead_id"].to_pylist() == ["c", "d"]
    assert first.schema.names[:7] == [
        "lead_id", "account_id", "market", "as_of", "position", "planned_until", "label",
    ]  # fmt: skip
    assert list(batches) == []
    assert _tables(extract) == tables


def test_no_one_to_score(company: Any, day: Callable[..., Any]) -> None:
    extract, config = company.extract(), company.config()
    spec = features.plan(extract, config)
    snapshots = features.scoring_snapshots(extract, config, day(-1))
    assert list(features.scoring_batches(extract, spec, snapshots, config, 10)) == []


def _tables(extract: Any) -> list[tuple[str]]:
    rows: list[tuple[str]] = extract.connection.execute("SHOW TABLES").fetchall()
    return rows
