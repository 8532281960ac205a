import numpy as np
import pytest

from predictive_scoring.errors import TooLittleData
from predictive_scoring.training import enough


def test_leads_are_counted_not_snapshots():
    outcome = np.array([1.0] * 10 + [0.0] * 10)
    leads = np.array([f"l{i}" for i in [0] * 10 + list(range(1, 11))], dtype=object)
    with pytest.raises(TooLittleData) as error:
        enough.require_outcomes(outcome, leads, 2, "here")
    assert "here: leads 1 with a positive outcome and 10 with a negative one" in str(error.value)
    assert "more leads with a positive outcome" in str(error.value)
    enough.require_outcomes(outcome, leads, 1, "here")


def test_columns_without_variation():
    matrix = np.array([[1.0, np.nan], [1.0, np.nan]])
    with pytest.raises(TooLittleData, match="2 feature columns have the same value on all 2 rows"):
        enough.require_variation(matrix)
    matrix[1, 1] = 0.0  # known for one lead, missing for the other: that varies
    enough.require_variation(matrix)


def test_no_columns_at_all():
    with pytest.raises(TooLittleData, match="the 0 feature columns"):
        enough.require_variation(np.empty((5, 0)))
