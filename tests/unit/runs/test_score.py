"""Batches are scored beside the building of the next: in order, while they are wanted."""

import threading
from typing import Any

import pytest

from predictive_scoring.runs import score


def through(monkeypatch, work: Any, batches: Any) -> Any:
    monkeypatch.setattr(score, "score_batch", lambda _scorer, batch: work(batch))
    nothing: Any = None
    return score._scored(nothing, batches)


def test_results_come_in_the_order_of_the_batches(monkeypatch):
    found = through(monkeypatch, lambda batch: 10 * batch, iter(range(20)))
    assert list(found) == [10 * i for i in range(20)]


def test_an_error_of_the_worker_is_the_run_s(monkeypatch):
    def work(batch):
        if batch == 3:
            raise ZeroDivisionError
        return batch

    found = through(monkeypatch, work, iter(range(9)))
    assert [next(found) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_who_stops_does_not_wait_for_the_batches_that_are_left(monkeypatch):
    monkeypatch.setattr(score, "AHEAD", 5)
    begun, go_on = [], threading.Event()

    def work(batch):
        begun.append(batch)
        if batch == 1:
            go_on.wait(5)
        return batch

    found = through(monkeypatch, work, iter(range(9)))
    assert next(found) == 0  # 1 to 5 are handed over, one of them is worked on
    threading.Timer(0.2, go_on.set).start()
    found.close()
    assert begun in ([0], [0, 1])
