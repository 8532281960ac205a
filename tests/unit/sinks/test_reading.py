from datetime import UTC, datetime

import pyarrow as pa
import pytest

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks.reading import (
    already_handed_over,
    current_as_of,
    current_mqls,
    handovers,
    run_already_stored,
)


def test_without_a_store_there_is_nothing(path):
    assert not run_already_stored(path, "run-1")
    assert current_as_of(path) is None
    assert current_mqls(path).equals(pa.array([], pa.string()))
    assert already_handed_over(path).equals(pa.array([], pa.string()))
    assert handovers(path).to_pylist() == []
    assert not path.exists()


def test_the_mqls_are_those_of_the_current_run(path, store_run):
    store_run("run-1", ["L1", "L5"], tiers=["mql", "hot"])
    leads = ["L1", "L2", "L3", "L4"]
    store_run("run-2", leads, tiers=["nurture", "mql", "hot", "cold"])

    assert sorted(current_mqls(path).to_pylist()) == ["L2", "L3"]


def test_without_a_contract_nobody_is_an_mql(path, store_run):
    store_run("run-1", ["L1"])

    assert current_mqls(path).equals(pa.array([], pa.string()))


def test_the_as_of_is_that_of_the_current_run_in_utc(path, store_run, make_run):
    store_run("run-1", ["L1"])

    as_of = current_as_of(path)
    assert as_of == make_run().as_of
    assert as_of is not None
    assert as_of.tzinfo is UTC


def test_handovers_of_all_runs_in_order(path, store_run):
    store_run("run-1", ["L1", "L2"], handovers=["L2", "L1"])
    store_run("run-2", ["L3"], handovers=["L3"])

    assert sorted(already_handed_over(path).to_pylist()) == ["L1", "L2", "L3"]
    found = handovers(path)
    noon = datetime(2026, 11, 1, 12)  # noqa: DTZ001 - UTC without a zone
    assert found.column_names == ["lead_id", "handed_over_at", "criteria_met"]
    assert found["lead_id"].to_pylist() == ["L1", "L2", "L3"]
    assert found["handed_over_at"].to_pylist() == [noon] * 3
    assert found["criteria_met"].to_pylist() == [True] * 3


@pytest.mark.parametrize("ask", [current_as_of, current_mqls, already_handed_over, handovers])
def test_a_file_that_is_no_store_is_said_to_be_so(path, ask):
    path.write_bytes(b"lead_id,score\n" * 1000)

    with pytest.raises(StoreError):
        ask(path)
