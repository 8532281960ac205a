"""What is proposed, a row for each lead, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from predictive_scoring.errors import ReconcileError
from predictive_scoring.nurture.words import no_action
from predictive_scoring.records import ActionSummary, NurtureResult

if TYPE_CHECKING:
    from datetime import datetime

    from predictive_scoring.config import Config
    from predictive_scoring.records import BoolArray, FloatArray, NextActions, Uplift


def lead_rows(
    config: Config, scored: pa.Table, on_track: pa.Table, chosen: NextActions, lang: str
) -> pa.Table:
    """One row a lead with the fields of NurtureLead, in the order of ``scored``.

    ``scored`` has lead_id, probability and tier, ``on_track`` is what ``tracks`` gave; both and
    ``chosen`` are of the same leads in the same order (by lead_id). Raises ReconcileError where
    they are not.
    """
    if not scored["lead_id"].equals(on_track["lead_id"]) or len(scored) != len(chosen.action):
        raise ReconcileError(
            f"{len(scored)} leads scored, {len(on_track)} with a track, {len(chosen.action)} with "
            "an action, or others, or in another order",
            "the same leads, ordered by lead_id",
            "report this as a defect",
        )
    names = pa.array([*config.nurture.actions, ""], pa.string())  # -1 is the last
    notes = pa.array([no_action(False, lang), no_action(True, lang), ""], pa.string())
    why = np.where(chosen.action >= 0, 2, chosen.possible > 0)
    return pa.table({
        **{name: scored[name] for name in ("lead_id", "probability", "tier")},
        **{name: on_track[name] for name in ("track", "topic", "content")},
        "action": names.take(pa.array(chosen.action % len(names))),
        "points": 100 * chosen.change,
        "note": notes.take(pa.array(why)),
    })  # fmt: skip


def summarise(
    config: Config,
    as_of: datetime,
    rows: pa.Table,
    changes: FloatArray,
    allowed: BoolArray,
    uplift: Uplift | None,
) -> NurtureResult:
    """What ``lead_rows`` come to.

    ``changes`` (of probability, by action) and ``allowed`` have the shape (n, actions).
    """
    counted = rows.group_by(["track", "tier"]).aggregate([([], "count_all")])
    groups = zip(*(counted[name].to_pylist() for name in counted.column_names), strict=True)
    proposed = rows["action"].to_numpy()
    return NurtureResult(
        as_of=as_of,
        leads=rows.num_rows,
        tracks=tuple(sorted(groups)),
        actions=tuple(
            ActionSummary(
                name,
                possible=int(allowed[:, i].sum()),
                best=int((proposed == name).sum()),
                mean_points=_mean(100 * changes[allowed[:, i], i]),
            )
            for i, name in enumerate(config.nurture.actions)
        ),
        without_action=int((proposed == "").sum()),
        uplift=uplift,
    )


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else float("nan")
