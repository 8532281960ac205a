"""From labelled snapshots to a chosen model: split forward in time, compare, evaluate."""

from predictive_scoring.training.candidates import LADDER, Rung, log_odds
from predictive_scoring.training.clusters import cluster_names, clusters, hash_positions
from predictive_scoring.training.evaluate import evaluate
from predictive_scoring.training.select import Selection, compare
from predictive_scoring.training.split import Split, forward_split
from predictive_scoring.training.vocabulary import learn_vocabularies

__all__ = [
    "LADDER",
    "Rung",
    "Selection",
    "Split",
    "cluster_names",
    "clusters",
    "compare",
    "evaluate",
    "forward_split",
    "hash_positions",
    "learn_vocabularies",
    "log_odds",
]
