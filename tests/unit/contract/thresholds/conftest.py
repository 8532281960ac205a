from collections.abc import Callable, Sequence

import numpy as np
import pytest

from predictive_scoring.records import Looks

DAY = 86_400 * 1_000_000
START = 1_767_225_600_000_000

MakeLooks = Callable[..., Looks]


@pytest.fixture
def looks() -> MakeLooks:
    """Looks from lists; by default each look is of a lead of its own, spread over the period."""

    def make(
        probability: Sequence[float],
        outcome: Sequence[float] | None = None,
        *,
        lead: Sequence[int] | None = None,
        account: Sequence[int] | None = None,
        market: Sequence[str] | None = None,
        eligible: Sequence[bool] | None = None,
        counted: Sequence[bool] | None = None,
        days: float | None = 365.25 / 12 * 6,
    ) -> Looks:
        n = len(probability)
        leads = np.arange(n) if lead is None else np.asarray(lead)
        at = START + (np.linspace(0, (days or 1) * 0.999, n) * DAY).astype(np.int64)
        return Looks(
            lead=leads,
            account=leads if account is None else np.asarray(account),
            market=np.array([""] * n if market is None else market, dtype=object),
            position=np.random.default_rng(1).permutation(at),
            probability=np.asarray(probability, dtype=np.float64),
            outcome=np.zeros(n) if outcome is None else np.asarray(outcome, dtype=np.float64),
            eligible=np.ones(n, dtype=bool) if eligible is None else np.asarray(eligible),
            counted=np.ones(n, dtype=bool) if counted is None else np.asarray(counted),
            days=days,
        )

    return make
