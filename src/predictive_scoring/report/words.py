"""What the figures of a training mean, in words that marketing and sales both read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from predictive_scoring.records import Evaluation, GainsPoint, ReliabilityBin
from predictive_scoring.report.inputs import ReportInputs
from predictive_scoring.report.numbers import count, percent, plural

_TENTH, _SAME_SHARE = 0.1, 0.005
_SMALL_MARKET = 30  # positives below which a market's rate says little

EXPLAINED = {
    "log_loss": ("Log loss", "how far the probabilities are from what happened; smaller is better"),
    "roc_auc": (
        "AUC",
        "how often a lead that succeeded has the higher score of two; 0.5 is chance, 1 is perfect",
    ),
    "brier": ("Brier score", "mean squared error of the probabilities; smaller is better"),
    "average_precision": (
        "Average precision",
        "precision averaged over all thresholds; chance gives the base rate",
    ),
    "calibration_slope": ("Calibration slope", "1 is right; below 1 the scores are too extreme"),
    "calibration_intercept": (
        "Calibration intercept",
        "0 is right; above 0 the scores are too low",
    ),
    "ece": ("Calibration error", "mean distance between said and happened; smaller is better"),
    "base_rate": ("Base rate", "share of successes among the leads looked at"),
    "mean_prediction": ("Mean prediction", "what the model said on average; beside the base rate"),
    "lift_at_10": ("Lift of the best tenth", "successes in it, as a multiple of what chance gives"),
}

_LIMITS_OF_ANY_MODEL = (
    (
        "It knows only what the tables record. A conversation nobody noted down, a reorganisation "
        "at the customer's or a competitor's offer is not in them."
    ),
    (
        "It learned from leads as they were treated then. If sales now treats leads differently, "
        "for instance because of these scores, the past is a weaker guide."
    ),
    (
        "Its reasons say what the score is made of. They do not say that changing such a thing "
        "would make a lead succeed."
    ),
    "A probability is about many leads alike. It orders work; it decides about no one.",
)


@dataclass(frozen=True)
class Statement:
    """One thing to know: the figure that sums it up, and the sentence that says it."""

    figure: str
    sentence: str


def statements(inputs: ReportInputs) -> tuple[Statement, ...]:
    """Say in a few plain sentences what the model is worth, or that it is worth nothing."""
    evaluation = inputs.evaluation
    said = [_sample(inputs)]
    if tenth := _nearest(evaluation, _TENTH):
        said.append(_best(tenth, inputs.success))
    if evaluation.reliability:
        said.append(_said_and_happened(evaluation.reliability, inputs.success))
    return tuple(said)


def verdict(inputs: ReportInputs) -> str:
    """Write the statements as one paragraph."""
    return " ".join(statement.sentence for statement in statements(inputs))


def verdict_kind(evaluation: Evaluation) -> str:
    """Tell whether the best tenth is surely better than chance: "good" or "poor"."""
    tenth = _nearest(evaluation, _TENTH)
    return "good" if tenth and tenth.low > tenth.share else "poor"


def limits(inputs: ReportInputs) -> tuple[str, ...]:
    """List what this model cannot know, beginning with what its own data say."""
    return (
        *_limits_of_labels(inputs),
        *_limits_of_order(inputs),
        *_limits_of_markets(inputs),
        *_LIMITS_OF_ANY_MODEL,
    )


def _sample(inputs: ReportInputs) -> Statement:
    evaluation, success = inputs.evaluation, inputs.success
    share = percent(evaluation.positives / evaluation.rows if evaluation.rows else math.nan)
    headline = f"{share} became {success}s"
    by_lot = inputs.snapshots.ordered_by == "nothing"
    leads = f"{count(evaluation.leads)} {'' if by_lot else 'most recent '}leads"
    drawn = ", drawn by lot" if by_lot else ""
    seen = f"Of the {leads} this model had never seen{drawn},"
    within = f" within {inputs.horizon_days} days" if inputs.snapshots.ordered_by == "time" else ""
    if evaluation.rows == evaluation.leads:
        return Statement(headline, f"{seen} {share} became {success}s{within}.")
    times = f"{count(evaluation.rows)} looks at the {leads} this model had never seen"
    return Statement(headline, f"Of {times}{drawn}, {share} led to an {success}{within}.")


def _best(point: GainsPoint, success: str) -> Statement:
    share = percent(point.share)
    best = "tenth" if abs(point.share - _TENTH) < _SAME_SHARE else share
    interval = f"between {percent(point.low)} and {percent(point.high)}"
    held = f"The best {best} by score held {percent(point.captured)} of all {success}s ({interval})"
    if point.low > point.share:
        sentence = f"{held}: {point.lift:.1f} times what chance would have found."
    else:
        sentence = f"{held}. Chance alone finds {share}: these scores are not yet of use."
    return Statement(f"{percent(point.captured)} in the best {best}", sentence)


def _said_and_happened(bins: tuple[ReliabilityBin, ...], success: str) -> Statement:
    top = max(bins, key=lambda b: b.predicted)
    said, happened = percent(top.predicted), percent(top.observed)
    sentence = (
        f"Where it was most confident it said {said} on average, and {happened} became {success}s "
        f"(between {percent(top.low)} and {percent(top.high)}): "
    )
    if top.predicted > top.high:
        sentence += "it promised too much there."
    elif top.predicted < top.low:
        sentence += "it promised too little there."
    else:
        sentence += "what it says can be taken as said."
    return Statement(f"said {said}, was {happened}", sentence)


def _nearest(evaluation: Evaluation, share: float) -> GainsPoint | None:
    inner = [g for g in evaluation.gains if g.share > 0]
    return min(inner, key=lambda g: abs(g.share - share)) if inner else None


def _limits_of_labels(inputs: ReportInputs) -> list[str]:
    counts = inputs.snapshots.counts
    said = []
    if unworked := counts.get("censored", 0):
        said.append(
            f"{plural(unworked, 'snapshot')} of leads that sales never worked have no known "
            "outcome. They are left out and not counted as failures; the model does not know how "
            "they would have done."
        )
    if unfinished := counts.get("immature", 0):
        said.append(
            f"{plural(unfinished, 'snapshot')} were too recent to judge: their "
            f"{inputs.horizon_days} days were not over."
        )
    if unrecorded := counts.get("unobserved", 0):
        said.append(
            f"{plural(unrecorded, 'snapshot')} fall in a time when outcomes were not recorded."
        )
    return said


def _limits_of_order(inputs: ReportInputs) -> list[str]:
    said = {
        "nothing": "These data have no order in time. The test is on leads drawn by lot, so it "
        "does not show how the model does on later ones; expect less.",
        "rows": "These data have no dates; the order of the rows stands for time. Whether a column "
        "was already known when a lead would have been scored cannot be checked.",
    }.get(inputs.snapshots.ordered_by)
    return [said] if said else []


def _limits_of_markets(inputs: ReportInputs) -> list[str]:
    small = [m.market or "(none)" for m in inputs.evaluation.markets if m.positives < _SMALL_MARKET]
    if not small:
        return []
    shown = ", ".join(small[:8]) + (" …" if len(small) > 8 else "")
    where = f"{plural(len(small), 'market')} ({shown})"
    few = f"Fewer than {_SMALL_MARKET} {inputs.success}s were seen in {where}"
    return [f"{few}: what is reported for them is a rough guide."]
