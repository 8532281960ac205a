"""Which categories a model knows: learned on training rows, frozen in the bundle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.model import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from predictive_scoring.records import FeatureSpec


def learn_vocabularies(
    features: pa.Table,
    spec: FeatureSpec,
    rows: NDArray[np.int64],
    rare: int,
    lead_id: NDArray[np.object_],
) -> Mapping[str, Vocabulary]:
    """The categories of each category column, from the training ``rows`` alone, in name order.

    A category seen on fewer than ``rare`` distinct leads is left to ``(other)``: leads are
    counted, not rows, so that one lead with many snapshots does not make a category.
    """
    leads = pa.array(lead_id[rows], pa.string())
    return {
        column.name: _vocabulary(features.column(column.name).take(rows), leads, rare)
        for column in spec.columns
        if column.kind == "category"
    }


def _vocabulary(values: pa.ChunkedArray, leads: pa.Array, rare: int) -> Vocabulary:
    table = pa.table({"value": values.cast(pa.string()), "lead": leads})
    counted = table.group_by("value").aggregate([("lead", "count_distinct")])
    common = counted.filter(
        pc.and_(
            pc.is_valid(counted["value"]), pc.greater_equal(counted["lead_count_distinct"], rare)
        )
    )
    return Vocabulary(tuple(sorted(common["value"].to_pylist())))
