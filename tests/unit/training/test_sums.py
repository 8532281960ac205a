import numpy as np
import pytest

from predictive_scoring.training.sums import dot


def test_dot():
    random = np.random.default_rng(0)
    left, right = random.normal(size=(2, 50_001))
    assert dot(left, right) == pytest.approx(float(left @ right), rel=1e-9)
    assert dot(left[::-1], right[::-1]) == pytest.approx(float(left @ right), rel=1e-9)
