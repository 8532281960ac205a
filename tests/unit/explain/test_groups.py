import numpy as np

from predictive_scoring.explain.contributions import MARKET_OFFSET
from predictive_scoring.explain.groups import group_names, group_sums
from predictive_scoring.records import Contributions, FeatureColumn

COLUMNS = (
    FeatureColumn("a", "number", "engagement", "count"),
    FeatureColumn("b", "number", "fit", "profile"),
    FeatureColumn("c", "number", "engagement", "recency"),
    MARKET_OFFSET,
)


def test_groups_stand_in_the_order_of_first_appearance():
    assert group_names(COLUMNS) == ("engagement", "fit", "market")


def test_sums_by_group():
    contributions = Contributions(
        0.0, np.array([[1.0, 10.0, 2.0, 100.0], [0.5, 0.0, -0.5, 0.0]]), ("a", "b", "c", "m")
    )

    np.testing.assert_array_equal(
        group_sums(contributions, COLUMNS), [[3.0, 10.0, 100.0], [0.0, 0.0, 0.0]]
    )


def test_no_rows_have_no_sums():
    assert group_sums(Contributions(0.0, np.empty((0, 4)), ()), COLUMNS).shape == (0, 3)
