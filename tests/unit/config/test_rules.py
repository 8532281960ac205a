"""A criterion is one rule over a column, events or activities, or a name for a person to judge."""

import pytest
from pydantic import ValidationError

from predictive_scoring.config import Criterion


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ({"column": "size", "events": ["form"]}, "not column and events"),
        ({"column": "size"}, "`column` with one of"),
        ({"column": "size", "values": ["big"], "at_least": 2}, "`column` with one of"),
        ({"column": "size", "flag": True, "values": ["big"]}, "`column` with one of"),
        ({"values": ["big"]}, "with a `column`"),
        ({"flag": False}, "with a `column`"),
        ({"activities": ["call"], "topics": ["pricing"]}, "with `events`"),
        ({"column": "size", "at_least": 2, "within": 30}, "`within` with"),
        ({"at_least": 1}, "`at_least` and `at_most` with"),
        ({"column": "size", "at_least": 3, "at_most": 2}, "`at_most` not below `at_least`"),
        ({"column": "size", "at_most": -1}, "`at_most` not below `at_least`"),
        ({"events": ["form"], "within": 0}, "within"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_what_is_no_single_rule_is_refused(rule, part):
    with pytest.raises(ValidationError) as refused:
        Criterion(**{"name": "it", **rule})
    assert part in str(refused.value)


@pytest.mark.parametrize(
    "rule",
    [
        {"column": "size", "at_least": 20},
        {"column": "size", "at_least": 20, "at_most": 20},
        {"column": "function", "values": ["buyer"]},
        {"column": "newsletter", "flag": False},
        {"events": ["any"], "topics": ["pricing"], "channels": ["mail"], "within": 30},
        {"activities": ["meeting"], "at_least": 2},
        {"events": ["careers"], "at_most": 0},
    ],
)
def test_rules_are_not_for_a_person_to_judge(rule):
    assert not Criterion(name="it", **rule).judged


def test_a_name_alone_is():
    assert Criterion(name="budget confirmed").judged
