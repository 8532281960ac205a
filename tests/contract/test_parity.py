"""Promise 2: what training saw of (lead, T) is what scoring computes for (lead, T)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring import features


def _bytes(table: pa.Table) -> bytes:
    """The table as an Arrow stream; rebuilt first, since unused bits of a buffer mean nothing."""
    columns = [pa.array(c.to_pylist(), c.type) for c in table.columns]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(pa.table(columns, schema=table.schema))
    return bytes(sink.getvalue())


def test_parity_at_instants_trained_on(random_history: Callable[..., Any]) -> None:
    """For as-ofs of the training table a scoring run at that instant, byte for byte."""
    history = random_history(1, leads=30, events=300)
    extract, config = history.extract(), history.config()
    spec = features.plan(extract, config)
    trained = features.training_snapshots(extract, config)
    table = features.training_table(extract, spec, trained, config)
    assert len(table) >= 5
    for position in np.unique(table.position)[:5]:
        as_of = datetime.fromtimestamp(position // 10**6, UTC).replace(
            microsecond=int(position % 10**6)
        )
        run = features.scoring_snapshots(extract, config, as_of)
        batches = features.scoring_batches(extract, spec, run, config, 1000)
        scored = pa.Table.from_batches(list(batches))
        at = {lead: i for i, lead in enumerate(scored["lead_id"].to_pylist())}
        rows = np.flatnonzero(table.position == position)
        same = scored.take([at[lead] for lead in table.lead_id[rows]]).select(spec.names)
        assert _bytes(same) == _bytes(table.features.take(rows))


def test_parity_with_declared_instants(random_history: Callable[..., Any]) -> None:
    """Scoring at each lead's newest quiet instant sees what training saw there."""
    history = random_history(5, leads=30, events=200)
    history.settings |= {
        "snapshots": {"quiet": {"days": 1}, "per_lead": 50, "max_age": 90,
                      "score_at": "snapshot"},
        "outcome": {"horizon": 1, "censor_unworked": False},
    }  # fmt: skip
    extract, config = history.extract(), history.config()
    spec = features.plan(extract, config)
    trained = features.training_snapshots(extract, config)
    table = features.training_table(extract, spec, trained, config)
    run = features.scoring_snapshots(extract, config, history.extract_at)
    scored = pa.Table.from_batches(list(features.scoring_batches(extract, spec, run, config, 1000)))
    keys = zip(scored["lead_id"].to_pylist(), scored["position"].to_pylist(), strict=True)
    at = {key: i for i, key in enumerate(keys)}
    both = [(at[key], i) for i, key in enumerate(zip(table.lead_id, table.position, strict=True))
            if key in at]  # fmt: skip
    assert len(both) >= 5
    ours, theirs = scored.take([i for i, _ in both]), table.features.take([i for _, i in both])
    assert _bytes(ours.select(spec.names)) == _bytes(theirs)


@pytest.mark.parametrize("chunk", [1, 4, 1000])
def test_parity_of_chunks_and_parts(
    random_history: Callable[..., Any], day: Callable[..., datetime],
    monkeypatch: pytest.MonkeyPatch, chunk: int,
) -> None:  # fmt: skip
    """However many leads are held at a time, each is scored once, in order, the same."""
    history = random_history(2, leads=40)
    extract, config = history.extract(), history.config()
    spec = features.plan(extract, config)
    run = features.scoring_snapshots(extract, config, day(50))
    whole = pa.Table.from_batches(list(features.scoring_batches(extract, spec, run, config, 1000)))
    monkeypatch.setattr("predictive_scoring.features.tables._PART_ROWS", 6)
    batches = list(features.scoring_batches(extract, spec, run, config, chunk))
    assert max(batch.num_rows for batch in batches) <= chunk
    assert whole.num_rows == run.rows > 10
    assert whole["lead_id"].to_pylist() == sorted(whole["lead_id"].to_pylist())
    assert _bytes(pa.Table.from_batches(batches)) == _bytes(whole)
