"""Which rows stand or fall together: those of one account, or of one lead where there is none."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from predictive_scoring.records import IntArray, TextArray, TrainingTable


def clusters(table: TrainingTable) -> TextArray:
    """The name of each row's account, or of its lead where it has no account, shape (n,).

    What the split keeps together, intervals and standard errors count as one piece of evidence:
    the outcomes of one account are alike, and so are the snapshots of one lead.
    """
    return cluster_names(table.account_id, table.lead_id)


def cluster_names(account_id: TextArray, lead_id: TextArray) -> TextArray:
    """``clusters`` of rows that are in no table; an account "" is none."""
    names: TextArray = np.where(account_id == "", "lead " + lead_id, "account " + account_id)
    return names


def hash_positions(names: TextArray) -> IntArray:
    """A position for each cluster that says nothing about it, and never changes; shape (n,)."""
    codes, distinct = pd.factorize(names)
    digests = (hashlib.blake2b(str(name).encode(), digest_size=8).digest() for name in distinct)
    positions = [int.from_bytes(digest, "big") >> 1 for digest in digests]
    return np.array(positions, dtype=np.int64)[codes]
