"""Nurturing: what is proposed for leads below the threshold, and what a trial says of it.

Probabilities and rates are in [0, 1], changes of probability in percentage points where they are
called ``points``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from predictive_scoring.records.contract import Rate, Tier

if TYPE_CHECKING:
    from predictive_scoring.records.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class NextActions:
    """The next best action of n leads, shape (n,) each.

    ``action`` is its place among the declared ones, -1 where there is none to propose; ``change``
    is what the model expects of it, a probability (0 where there is none). ``possible`` is how
    many actions the lead can still take.
    """

    action: IntArray
    change: FloatArray
    possible: IntArray


@dataclass(frozen=True)
class NurtureLead:
    """What is proposed for a lead; "" stands for none.

    ``content`` is the first of the track that the lead shows no trace of. ``points`` is the change
    of its probability that the model expects of ``action``: an association, no effect. ``note``
    says why there is no action.
    """

    lead_id: str
    probability: float
    tier: Tier
    track: str
    topic: str
    content: str
    action: str
    points: float
    note: str = ""


@dataclass(frozen=True)
class ActionSummary:
    """One action over all leads: ``possible`` can still take it, for ``best`` it is the next best.

    ``mean_points`` is the change expected, on average over those who can take it (NaN if nobody).
    """

    name: str
    possible: int
    best: int
    mean_points: float


@dataclass(frozen=True)
class Balance:
    """Whether the share of treated leads is the same in all values of a dimension.

    ``p`` is Pearson's chi-square test's. Below 0.001 the groups do not look drawn by lot.
    """

    dimension: Literal["market", "source", "month"]
    p: float

    @property
    def drawn(self) -> bool:
        """Whether the groups look drawn by lot."""
        return self.p >= 0.001


@dataclass(frozen=True)
class TrialGroup:
    """One group of a trial: ``sqls`` of its mature leads, of whom sales ``unworked`` never worked.

    ``immature`` leads are too young to count, of ``unknown`` ones the outcome is not recorded.
    """

    sqls: Rate
    unworked: int
    immature: int
    unknown: int


UpliftVerdict = Literal["measured gain", "no effect seen", "measured harm", "too early"]


@dataclass(frozen=True)
class Uplift:
    """What nurturing changed, by a randomised holdout.

    ``difference`` is the rate of SQLs (within the horizon of creation) of all treated leads minus
    that of all controls, whether or not nurturing reached them (intention to treat), with its
    95 % interval (Newcombe 1998); all NaN where it is too early. ``by_account``: whole accounts
    were drawn, so that the interval, which takes leads as independent, is too narrow. ``moved``
    leads changed their group since.
    """

    treated: TrialGroup
    control: TrialGroup
    difference: float
    low: float
    high: float
    verdict: UpliftVerdict
    balance: tuple[Balance, ...]
    by_account: bool
    moved: int
    horizon_days: int


@dataclass(frozen=True)
class NurtureResult:
    """Nurturing as a whole.

    ``tracks`` counts leads by track ("" = none fits) and tier. Actions are in the configuration's
    order; what they are expected to change is an association. ``uplift`` is None where no trial is
    declared.
    """

    as_of: datetime
    leads: int
    tracks: tuple[tuple[str, Tier, int], ...]
    actions: tuple[ActionSummary, ...]
    without_action: int
    uplift: Uplift | None
