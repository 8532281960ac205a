from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks.arrow import to_table

NONE = np.full(2, np.nan)


def test_a_row_has_all_that_the_store_keeps(make_batch, make_run):
    table = to_table(make_batch(["L1", "L2"], [-1.0, 0.5]), make_run())

    row = table.to_pylist()[1]
    assert row["lead_id"] == "L2"
    assert row["as_of"].isoformat() == "2026-11-01T12:00:00"
    assert (row["log_odds"], row["base"]) == (0.5, -1.0)
    assert row["contributions"] == [1.5, 0.0]
    assert dict(row["group_contributions"]) == {"fit": 1.5, "time": 0.0}
    assert dict(row["sentences"]) == {"en": ["en L2", "2"], "fr": ["fr L2", "2"]}
    assert row["reasons"][0]["observed"] == "L2"


def test_a_row_has_its_part_of_the_contract(make_batch, make_run):
    row = to_table(make_batch(["L1"], tiers=["mql"], met=False), make_run()).to_pylist()[0]

    assert (row["threshold"], row["tier"], row["criteria_met"]) == (0.25, "mql", False)
    assert row["criteria"] == [{"name": "size", "met": False, "observed": "L1"}]


def test_without_a_contract_there_is_no_threshold_and_no_tier(make_batch, make_run):
    without = replace(
        make_batch(["L1", "L2"]), tier=pa.nulls(2), criteria=pa.array([[], []]), threshold=NONE
    )

    table = to_table(without, make_run())

    assert table["threshold"].null_count == 2  # NaN would be above every threshold in SQL
    assert table["tier"].to_pylist() == [None, None]
    assert table["criteria"].type == to_table(make_batch(["L1"]), make_run())["criteria"].type


@pytest.mark.parametrize("zone", ["+02:00", None])
def test_instants_are_kept_in_utc(make_batch, make_run, zone):
    instants = pa.array([0], pa.timestamp("s", zone))

    table = to_table(replace(make_batch(["L1"]), as_of=instants), make_run())

    assert table["as_of"].to_pylist()[0].isoformat() == "1970-01-01T00:00:00"


def test_a_company_without_dates_has_none(make_batch, make_run):
    table = to_table(replace(make_batch(["L1"]), as_of=pa.nulls(1)), make_run())

    assert table["as_of"].to_pylist() == [None]


def test_slices_of_a_chunk_keep_their_own_reasons(make_batch, make_run):
    whole = make_batch(["L1", "L2", "L3"])
    part = replace(
        make_batch(["L2", "L3"]),
        reasons=whole.reasons.slice(1),
        sentences={lang: lists.slice(1) for lang, lists in whole.sentences.items()},
    )

    rows = to_table(part, make_run()).to_pylist()

    assert [dict(row["sentences"])["fr"][0] for row in rows] == ["fr L2", "fr L3"]
    assert [row["reasons"][0]["observed"] for row in rows] == ["L2", "L3"]


def test_a_run_without_languages(make_batch, make_run):
    table = to_table(make_batch(["L1"], languages=()), make_run(languages=()))

    assert table["sentences"].to_pylist() == [[]]


@pytest.mark.parametrize(
    "change",
    [
        {"probability": np.array([0.5, np.nan])},
        {"probability": np.array([0.5, 1.5])},
        {"probability": np.array([0.5])},
        {"groups": np.zeros((2, 3))},
        {"sentences": {}},
        {"lead_id": pa.array(["L1", None])},
        {"threshold": np.array([0.5])},
        {"tier": pa.array(["hot"])},
        {"tier": pa.array(["hot", "warm"])},
        {"criteria": pa.array([[]])},
        {"criteria_met": np.array([True])},
    ],
)
def test_a_batch_that_does_not_fit_is_refused(make_batch, make_run, change):
    with pytest.raises(StoreError):
        to_table(replace(make_batch(["L1", "L2"]), **change), make_run())
