"""Criteria as facts: met, not met, not known, with what was observed."""

from typing import Any

import pyarrow as pa
import pytest

from predictive_scoring.config import Criterion
from predictive_scoring.contract import criteria_columns, facts


def rule(**declared: Any) -> Criterion:
    return Criterion.model_validate({"name": "it", **declared})


def found(criteria: list[Criterion], **columns: Any) -> tuple[list[list[Any]], list[bool]]:
    """The facts as (met, observed) and whether all are met, for columns in the rules' order."""
    names = [c.name for c in criteria_columns(criteria)]
    assert len(names) == len(columns)
    batch = pa.RecordBatch.from_pydict(dict(zip(names, columns.values(), strict=True)))
    got = facts(batch, criteria)
    lists = [[(f["met"], f["observed"]) for f in row] for row in got.lists.to_pylist()]
    return lists, got.all_met.tolist()


NAN = float("nan")


@pytest.mark.parametrize(
    ("declared", "values", "expected"),
    [
        ({"column": "x", "at_least": 20}, [19.5, 20.0, NAN],
         [(False, "19.5"), (True, "20"), (None, None)]),
        ({"column": "x", "at_most": 5}, [5.0, 5.1], [(True, "5"), (False, "5.1")]),
        ({"column": "x", "at_least": 1, "at_most": 2}, [0.0, 1.5, 3.0],
         [(False, "0"), (True, "1.5"), (False, "3")]),
        ({"column": "x", "flag": False}, [0.0, 1.0, NAN],
         [(True, "false"), (False, "true"), (None, None)]),
        ({"column": "x", "values": ["a", "b"]}, ["a", "c", None],
         [(True, "a"), (False, "c"), (None, None)]),
        ({"events": ["visit"]}, [0.0, 1.0, 7.0], [(False, "0"), (True, "1"), (True, "7")]),
        ({"events": ["visit"], "at_most": 0}, [0.0, 1.0], [(True, "0"), (False, "1")]),
        ({"activities": ["meeting"], "at_least": 2}, [1.0, 2.0], [(False, "1"), (True, "2")]),
    ],
)  # fmt: skip
def test_a_rule_of_each_kind(declared, values, expected):
    lists, all_met = found([rule(**declared)], x=values)
    assert lists == [[fact] for fact in expected]
    assert all_met == [met is True for met, _ in expected]


def test_several_types_are_counted_together_and_never_twice():
    criterion = rule(events=["visit", "form", "visit"], topics=["a", "b"], at_least=3, within=30)
    columns = criteria_columns([criterion])
    assert len(columns) == 4
    assert {(c.value, c.also) for c in columns} == {
        (kind, (("topic", topic),)) for kind in ("visit", "form") for topic in ("a", "b")
    }
    assert {c.window for c in columns} == {30}
    lists, _ = found([criterion], a=[1.0], b=[0.0], c=[1.0], d=[1.0])
    assert lists == [[(True, "3")]]


def test_any_event_is_one_count_whatever_else_is_listed():
    columns = criteria_columns([rule(events=["visit", "any"], within=7)])
    assert [(c.dimension, c.value, c.also) for c in columns] == [("", "", ())]


def test_all_must_be_met_and_what_a_person_judges_is_left_out():
    criteria = [rule(name="big", column="x", at_least=1), rule(name="budget"),
                rule(name="here", column="market", values=["FR"])]  # fmt: skip
    lists, all_met = found(criteria, x=[1.0, 1.0, 0.0], y=["FR", None, "FR"])
    assert all_met == [True, False, False]
    assert [len(row) for row in lists] == [2, 2, 2]
    assert facts(
        pa.RecordBatch.from_pydict({"lead_id": ["a", "b"]}), [rule()]
    ).all_met.tolist() == [True, True]


def test_no_rows():
    lists, all_met = found([rule(events=["visit"])], x=pa.array([], pa.float64()))
    assert (lists, all_met) == ([], [])
