import pytest

from predictive_scoring.config import Criterion
from predictive_scoring.report.contract.criteria import sentence
from predictive_scoring.report.contract.words import words

EN, FR = words("en"), words("fr")


@pytest.mark.parametrize(
    ("rule", "english"),
    [
        ({"column": "job_function", "values": ["it", "quality"]}, "job function is it or quality"),
        ({"column": "newsletter", "flag": True}, "newsletter: yes"),
        ({"column": "newsletter", "flag": False}, "newsletter: no"),
        ({"column": "employees", "at_least": 50}, "employees: at least 50"),
        ({"column": "employees", "at_most": 0}, "employees: at most 0"),
        (
            {"column": "employees", "at_least": 50, "at_most": 20000},
            "employees: from 50 to 20,000",
        ),
        ({"events": ["any"]}, "anything the lead does, at least once"),
        (
            {"events": ["visit"], "topics": ["pricing"], "channels": ["email"], "within": 30,
             "campaigns": ["spring"], "at_least": 3},
            "visit, by email, campaign spring, about pricing, at least 3 times, within 30 days",
        ),
        ({"events": ["careers"], "at_most": 0}, "careers, never"),
        ({"events": ["visit"], "at_least": 0, "at_most": 2}, "visit, at most 2 times"),
        ({"events": ["visit"], "at_least": 2, "at_most": 5}, "visit, 2 to 5 times"),
        ({"activities": ["call"]}, "sales activity (call), at least once"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_rule_is_a_sentence(rule, english):
    assert sentence(EN, Criterion.model_validate({"name": "x", **rule})) == english


def test_a_rule_is_a_french_sentence():
    rule = Criterion(name="x", events=("visit",), at_least=3, within=30)
    assert sentence(FR, rule) == "visite, au moins 3 fois, en 30 jours"
