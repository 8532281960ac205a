"""From scores to reasons: exact contributions, their sums by group, and sentences.

contributions.explainer(bundle) → Explainer.explain(matrix, markets) → Contributions
groups.group_sums · reasons.top_reasons · sentences.sentence_lists · waterfall.waterfall
"""

from predictive_scoring.explain.contributions import (
    MARKET_OFFSET,
    Explainer,
    explainer,
    probability,
)
from predictive_scoring.explain.groups import group_names, group_sums
from predictive_scoring.explain.language import LANGUAGES, Labels
from predictive_scoring.explain.reasons import (
    TopReasons,
    observed_table,
    reason_lists,
    reasons_of_row,
    top_reasons,
)
from predictive_scoring.explain.sentences import sentence, sentence_lists
from predictive_scoring.explain.waterfall import Heading, waterfall

__all__ = [
    "LANGUAGES",
    "MARKET_OFFSET",
    "Explainer",
    "Heading",
    "Labels",
    "TopReasons",
    "explainer",
    "group_names",
    "group_sums",
    "observed_table",
    "probability",
    "reason_lists",
    "reasons_of_row",
    "sentence",
    "sentence_lists",
    "top_reasons",
    "waterfall",
]
