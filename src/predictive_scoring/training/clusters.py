"""Which rows stand or fall together: those of one account, or of one lead where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.records import TrainingTable


def clusters(table: TrainingTable) -> NDArray[np.object_]:
    """The name of each row's account, or of its lead where it has no account, shape (n,).

    What the split keeps together, intervals and standard errors count as one piece of evidence:
    the outcomes of one account are alike, and so are the snapshots of one lead.
    """
    names: NDArray[np.object_] = np.where(
        table.account_id == "", "lead " + table.lead_id, "account " + table.account_id
    )
    return names
