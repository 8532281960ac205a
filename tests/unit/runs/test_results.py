"""Results as plain data for programs."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from predictive_scoring.records import LeftOut, Metric, SourceCount
from predictive_scoring.runs.results import (
    CheckResult,
    Conflict,
    MoveResult,
    RunResult,
    ScoreResult,
)


@dataclass(frozen=True)
class Odd(RunResult):
    """A result that holds what JSON has no word for."""

    value: Any


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_become_null(number):
    nested = Odd({"metrics": (Metric("slope", number, 1.0, number),), "list": [number, 0.5]})
    text = json.dumps(nested.as_json(), allow_nan=False)
    assert json.loads(text) == {
        "value": {
            "metrics": [{"name": "slope", "value": None, "low": 1.0, "high": None}],
            "list": [None, 0.5],
        }
    }


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (datetime(2026, 10, 31, 23, tzinfo=UTC), "2026-10-31T23:00:00+00:00"),
        (Path("a/b.csv"), "a/b.csv"),
        ({1: "one"}, {"1": "one"}),
        (("a", 1, True, None), ["a", 1, True, None]),
        ("é", "é"),
    ],
)
def test_other_values_become_plain(value, plain):
    assert Odd(value).as_json() == {"value": plain}


def test_records_within_records_become_plain():
    count = SourceCount("leads", "leads.csv", 5, 3, 1, 1, {"repeated": 1}, "ab")
    check = CheckResult(
        "Co", "flat", (count,), (("leads", "no value", 1),), 2, (LeftOut("age", "protected"),),
        {"positive": 3}, {}, ("a note",), (),
    )  # fmt: skip
    told = check.as_json()
    assert isinstance(told, dict)
    assert told["sources"] == [
        {
            "table": "leads", "file": "leads.csv", "records": 5, "loaded": 3, "quarantined": 1,
            "set_aside": 1, "rules": {"repeated": 1}, "sha256": "ab",
        }
    ]  # fmt: skip
    assert told["quarantined"] == [["leads", "no value", 1]]
    assert told["left_out"] == [{"column": "age", "reason": "protected"}]


@pytest.mark.parametrize(("problems", "code"), [((), 0), (("a column is missing",), 3)])
def test_a_check_with_problems_exits_3(problems, code):
    check = CheckResult("Co", "flat", (), (), 0, (), {}, {}, (), problems)
    assert check.exit_code == code


def test_other_results_exit_0():
    assert MoveResult("m", "2", "1", "Ana", "newer").exit_code == 0
    score = ScoreResult(
        "id", datetime(2026, 1, 1, tzinfo=UTC), "m", "1", 2, {"closed": 1}, 0, 1, False,
        {"hot": 1}, (Conflict("size", 1, ("L2",)),), (("L1", 0.5, "why"),), (), "store", None,
    )  # fmt: skip
    assert score.exit_code == 0
    told = score.as_json()
    assert isinstance(told, dict)
    assert told["conflicts"] == [{"criterion": "size", "leads": 1, "examples": ["L2"]}]
    assert told["best"] == [["L1", 0.5, "why"]]
    assert told["as_of"] == "2026-01-01T00:00:00+00:00"
