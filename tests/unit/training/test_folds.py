import numpy as np
import pytest

from predictive_scoring.training.folds import Side, log_losses, mean_log_loss


def test_log_losses_far_out_do_not_overflow():
    losses = log_losses(np.array([-800.0, 800.0, 0.0]), np.array([1.0, 1.0, 0.0]))
    assert losses.tolist() == [800.0, 0.0, pytest.approx(np.log(2))]


def test_mean_log_loss_is_weighted():
    side = Side(np.zeros((2, 1)), np.array([1.0, 0.0]), np.array([3.0, 1.0]))
    expected = (3 * np.log1p(np.exp(-1)) + np.log1p(np.exp(2))) / 4
    assert mean_log_loss(np.array([1.0, 2.0]), side) == pytest.approx(expected)
