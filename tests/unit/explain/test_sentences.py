import time

import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring.errors import UsageError
from predictive_scoring.explain.language import language
from predictive_scoring.explain.reasons import observed_table, reasons_of_row, top_reasons
from predictive_scoring.explain.sentences import effect, sentence, sentence_lists
from predictive_scoring.records import Contributions, FeatureColumn

COLUMNS = (
    FeatureColumn("industry", "category", "fit", "profile"),
    FeatureColumn("visits", "number", "engagement", "count", "events", "type", "visit", 7),
    FeatureColumn("quiet", "number", "engagement", "recency", "events", "type", "visit"),
    FeatureColumn("newsletter", "flag", "fit", "profile"),
    FeatureColumn("revenue", "number", "fit", "profile"),
)
NO_MARKET = np.empty(0, dtype=object)


def table(rows, seed=1):
    rng = np.random.default_rng(seed)
    words = np.array(["food", "naïve\nvalue", None, "(other)"], dtype=object)
    quiet = rng.exponential(20, rows)
    quiet[rng.random(rows) < 0.2] = np.nan
    features = pa.table(
        {
            "industry": pa.array(words[rng.integers(0, 4, rows)], pa.string()),
            "visits": rng.poisson(1, rows).astype(float),
            "quiet": quiet,
            "newsletter": rng.integers(0, 2, rows).astype(float),
            "revenue": rng.choice([1e300, -1e6, 0.125, np.inf, np.nan], rows),
        }
    )
    return observed_table(features, NO_MARKET, COLUMNS)


def scored(rows, spread=1.0):
    values = np.random.default_rng(2).normal(0, spread, (rows, len(COLUMNS)))
    return Contributions(-1.0, values, tuple(c.name for c in COLUMNS))


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("spread", [2.0, 0.01])
def test_in_bulk_the_sentences_are_those_of_the_single_reasons(code, spread):
    observed, top = table(200), top_reasons(scored(200, spread), 3)

    lists = sentence_lists(top, observed, COLUMNS, code).to_pylist()

    for row in range(200):
        reasons = reasons_of_row(top, row, observed, COLUMNS)
        assert lists[row] == [sentence(reason, code) for reason in reasons]


def test_a_sentence_has_the_fact_and_its_effect():
    observed = observed_table(
        pa.table(
            {
                "industry": pa.array([None], pa.string()),
                "visits": [3.0],
                "quiet": [0.0],
                "newsletter": [0.0],
                "revenue": [0.0],
            }
        ),
        NO_MARKET,
        COLUMNS,
    )
    top = top_reasons(Contributions(0.0, np.array([[-0.1, 1.0, 0, 0, 0]]), ()), 5)

    assert sentence_lists(top, observed, COLUMNS, "en").to_pylist() == [
        ["3 visits in 7 days (+24 points)", "Industry: not known (\N{MINUS SIGN}2 points)"]
    ]
    assert sentence_lists(top, observed, COLUMNS, "fr").to_pylist() == [
        [
            "3\xa0visites en 7\xa0jours (+24\xa0points)",
            "Secteur\xa0: information absente (\N{MINUS SIGN}2\xa0points)",
        ]
    ]


def test_in_bulk_and_singly_the_companys_own_words_are_used():
    observed, top = table(20), top_reasons(scored(20), 5)
    labels = {"fr": {"food": "bouffe", "revenue": "recettes"}}

    lists = sentence_lists(top, observed, COLUMNS, "fr", labels).to_pylist()

    assert {"Secteur : bouffe", "Recettes : 0,12"} <= {
        text.split(" (")[0].replace("\xa0", " ") for texts in lists for text in texts
    }
    reasons = reasons_of_row(top, 0, observed, COLUMNS)
    assert lists[0] == [sentence(reason, "fr", labels) for reason in reasons]


@pytest.mark.parametrize(
    ("points", "english", "french"),
    [
        (12.4, "(+12 points)", "(+12\xa0points)"),
        (-1.2, "(\N{MINUS SIGN}1 point)", "(\N{MINUS SIGN}1\xa0point)"),
        (0.96, "(+1 point)", "(+1\xa0point)"),
        (0.5, "(+0.5 points)", "(+0,5\xa0point)"),
        (0.01, "(slightly up)", "(légère hausse)"),
        (-0.01, "(slightly down)", "(légère baisse)"),
        (0.05, "(slightly up)", "(légère hausse)"),
    ],
)
def test_effects(points, english, french):
    assert effect(points, language("en")) == english
    assert effect(points, language("fr")) == french


def test_no_rows_have_no_sentences():
    lists = sentence_lists(top_reasons(scored(0), 3), table(5).slice(0, 0), COLUMNS, "en")

    assert lists.to_pylist() == []


def test_an_unknown_language_is_refused():
    with pytest.raises(UsageError):
        sentence_lists(top_reasons(scored(1), 3), table(1), COLUMNS, "de")


def test_a_hundred_thousand_sentences_take_about_a_second():
    observed, top = table(20_000), top_reasons(scored(20_000), 5)
    sentence_lists(top, observed, COLUMNS, "fr")

    start = time.process_time()
    sentence_lists(top, observed, COLUMNS, "fr")

    assert time.process_time() - start < 3  # measured: 0.1 s
