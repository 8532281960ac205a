"""What in the data the ledger cannot judge by itself: said for each lead, with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.records import Irregularity

if TYPE_CHECKING:
    from predictive_scoring.config import Config


@dataclass(frozen=True)
class Kind:
    """One irregularity: what it is, what to do about it, and the judged column that marks it."""

    what: str
    todo: str
    column: str


KINDS = (
    Kind(
        "sales worked it before the handover",
        "hand leads over before sales work them; the clock runs from the handover to the first "
        "contact after it",
        "worked_before",
    ),
    Kind(
        "it was an SQL before the handover",
        "correct the order of its stages; a verdict from before the handover does not count",
        "accepted_before",
    ),
    Kind(
        "it was handed over before it was created",
        "correct the instant of its creation or of the handover",
        "before_creation",
    ),
    Kind(
        "it was handed over more than once",
        "hand a lead over once; the first time counts",
        "handed_over_again",
    ),
    Kind(
        "it is not among the leads",
        "load the lead, or take back the handover; its market and owner are not known",
        "unknown_lead",
    ),
    Kind(
        "it has no owner",
        "give it one: nobody can be asked about it",
        "without_owner",
    ),
    Kind(
        "it belongs to no sales team",
        "declare its market or owner under `contract.teams`; without a team no business hours are "
        "counted for it",
        "without_team",
    ),
)
"""Every irregularity there is; the sentences are whole, so that catalogues can translate them."""


def irregularities(rows: pa.Table, config: Config) -> tuple[Irregularity, ...]:
    """The irregularities of the judged rows, by kind and in the order of the handovers.

    An owner is missed only where the data have owners, a team only where teams are declared, and a
    repeated handover only where handovers are stages.
    """
    asked = {
        "without_owner": config.sources.leads.owner is not None,
        "without_team": bool(config.contract.teams),
        "handed_over_again": config.contract.handovers == "stages",
    }
    marked = rows.append_column("without_owner", pc.equal(rows["owner"], "")).append_column(
        "without_team", pc.equal(rows["team"], "")
    )
    return tuple(
        Irregularity(lead_id, kind.what, kind.todo)
        for kind in KINDS
        if asked.get(kind.column, True)
        for lead_id in marked.filter(marked[kind.column])["lead_id"].to_pylist()
    )
