import numpy as np
import pyarrow as pa

from predictive_scoring.explain.contributions import MARKET_OFFSET
from predictive_scoring.explain.reasons import (
    observed_table,
    reason_lists,
    reasons_of_row,
    top_reasons,
)
from predictive_scoring.records import Contributions, FeatureColumn, Reason

COLUMNS = (
    FeatureColumn("industry", "category", "fit", "profile"),
    FeatureColumn("visits", "number", "engagement", "count"),
    FeatureColumn("newsletter", "flag", "fit", "profile"),
    MARKET_OFFSET,
)
NAMES = tuple(c.name for c in COLUMNS)
FEATURES = pa.table(
    {
        "visits": [3.0, float("nan")],
        "newsletter": [1.0, 0.0],
        "industry": pa.array([None, "food"], pa.string()),
        "extra": [1, 2],
    }
)
MARKETS = np.array(["DE", ""], dtype=object)


def contributions(values, base=-1.0):
    return Contributions(base, np.array(values, dtype=float), NAMES)


def test_the_strongest_come_first_whatever_their_sign():
    top = top_reasons(contributions([[0.1, -0.9, 0.0, 0.5], [0.0, 0.0, 0.2, 0.0]]), 2)

    assert top.offsets.tolist() == [0, 2, 3]
    assert top.column.tolist() == [1, 3, 2]
    assert top.row.tolist() == [0, 0, 1]
    assert top.contribution.tolist() == [-0.9, 0.5, 0.2]


def test_selection_agrees_with_sorting_each_row():
    values = np.random.default_rng(1).normal(size=(500, 4)).round(1)

    top = top_reasons(contributions(values), 3)

    for i, row in enumerate(values):
        strongest = sorted(abs(v) for v in row if v)[::-1][:3]
        found = np.abs(top.contribution[top.offsets[i] : top.offsets[i + 1]])
        assert found.tolist() == strongest


def test_equal_contributions_stand_in_the_order_of_columns():
    row = [[0.5, -0.5, 0.5, -0.5]]

    assert top_reasons(contributions(row), 10).column.tolist() == [0, 1, 2, 3]
    assert top_reasons(contributions(row), 3).column.tolist() == [0, 1, 2]


def test_points_are_what_the_probability_would_lose():
    top = top_reasons(contributions([[0.0, 1.0, 0.0, 0.0]], base=0.0), 1)

    assert top.points[0] == 100 * (1 / (1 + np.exp(-1.0)) - 0.5)


def test_observed_values_are_as_the_lead_has_them():
    observed = observed_table(FEATURES, MARKETS, COLUMNS)

    assert observed.to_pylist() == [
        {"industry": None, "visits": 3.0, "newsletter": True, "market_offset": "DE"},
        {"industry": "food", "visits": None, "newsletter": False, "market_offset": None},
    ]


def test_record_batches_serve_as_tables_do():
    batch = FEATURES.to_batches()[0]

    assert observed_table(batch, MARKETS, COLUMNS) == observed_table(FEATURES, MARKETS, COLUMNS)


def test_reason_lists_carry_the_observed_value_as_text():
    top = top_reasons(contributions([[0.0, 0.4, -0.6, 0.0], [0.1, 0.2, 0.0, 0.3]]), 2)

    lists = reason_lists(top, observed_table(FEATURES, MARKETS, COLUMNS), COLUMNS).to_pylist()

    assert [[(r["feature"], r["observed"]) for r in row] for row in lists] == [
        [("newsletter", "true"), ("visits", "3")],
        [("market_offset", None), ("visits", None)],
    ]
    assert [r["contribution"] for r in lists[0]] == [-0.6, 0.4]


def test_no_rows_have_no_reasons():
    top = top_reasons(contributions(np.empty((0, 4))), 5)
    observed = observed_table(FEATURES.slice(0, 0), MARKETS[:0], COLUMNS)

    assert reason_lists(top, observed, COLUMNS).to_pylist() == []


def test_one_rows_reasons_as_records():
    found = contributions([[0.0, 0.4, 0.0, 0.0], [0.3, 0.0, 0.0, 0.0]])
    top = top_reasons(found, 5)

    (reason,) = reasons_of_row(top, 1, observed_table(FEATURES, MARKETS, COLUMNS), COLUMNS)

    assert reason == Reason(COLUMNS[0], "food", 0.3, float(top.points[1]))
