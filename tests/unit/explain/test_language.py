import pytest

from predictive_scoring.errors import UsageError
from predictive_scoring.explain.language import language


@pytest.mark.parametrize(
    ("x", "english", "french"),
    [
        (0, "0", "0"),
        (-0.0, "0", "0"),
        (3.0, "3", "3"),
        (1987, "1987", "1987"),
        (3.456, "3.46", "3,46"),
        (12345.5, "12,345.5", "12\u202f345,5"),
        (-2, "\N{MINUS SIGN}2", "\N{MINUS SIGN}2"),
        (-0.001, "0", "0"),
        (1e300, "1e+300", "1e+300"),
        (float("inf"), "∞", "∞"),
        (float("-inf"), "\N{MINUS SIGN}∞", "\N{MINUS SIGN}∞"),
    ],
)
def test_numbers(x, english, french):
    assert language("en").number(x) == english
    assert language("fr").number(x) == french


def test_signs():
    assert language("en").number(12, sign=True) == "+12"
    assert language("en").number(-12, sign=True) == "\N{MINUS SIGN}12"


@pytest.mark.parametrize(
    ("n", "english", "french"),
    [
        (0, "0 visits", "0\xa0visite"),
        (1, "1 visit", "1\xa0visite"),
        (1.5, "1.5 visits", "1,5\xa0visite"),
        (2, "2 visits", "2\xa0visites"),
        (2.5, "2.5 visits", "2,5\xa0visites"),
        (0.5, "0.5 visits", "0,5\xa0visite"),
    ],
)
def test_plurals_follow_each_languages_own_rule(n, english, french):
    assert language("en").count("%(n)s visit", "%(n)s visits", n) == english
    assert language("fr").count("%(n)s visit", "%(n)s visits", n) == french


def test_names_of_countries_tongues_months_and_days():
    words = language("fr")

    assert words.territory("DE") == "Allemagne"
    assert words.territory("de") is None
    assert words.territory("XQ") is None
    assert words.tongue("ja") == "japonais"
    assert [words.month(n) for n in (0, 1, 12, 13)] == [None, "janvier", "décembre", None]
    assert [words.weekday(n) for n in (0, 1, 7, 8)] == ["dimanche", "lundi", "dimanche", None]


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"'de'(.|\n)*en, fr"):
        language("de")
