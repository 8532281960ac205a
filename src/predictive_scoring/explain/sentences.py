"""Reasons in words, for all rows at once: "3 visits in 7 days (+12 points)".

Most observed values repeat from lead to lead, so each column's distinct values are put into words
once and the texts are then dealt out by Arrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.explain.language import Labels, Language, language
from predictive_scoring.explain.phrases import phrase
from predictive_scoring.explain.reasons import by_column

if TYPE_CHECKING:
    from predictive_scoring.explain.reasons import TopReasons
    from predictive_scoring.records import FeatureColumn, FloatArray, Reason

_SLIGHT = 0.01  # stands for points that are said in words, since they would read as 0.0
_WHOLE = 0.95  # from here on points are whole numbers
_WHOLE_DAYS = frozenset({"recency", "age"})


def sentence_lists(
    top: TopReasons,
    observed: pa.Table,
    columns: Sequence[FeatureColumn],
    lang: str,
    labels: Labels | None = None,
) -> pa.ListArray:
    """A list of sentences for each row, in the order of its reasons.

    ``observed`` comes from ``observed_table``; ``labels`` are the company's own words by
    language. Raises UsageError when there is no catalogue for the language.
    """
    words = language(lang, labels)

    def phrases(values: pa.Array, j: int) -> pa.Array:
        return _phrases(values, columns[j], words)

    facts = by_column(top, observed, phrases)
    texts = pc.binary_join_element_wise(facts, _effects(top.points, words), " ")
    return pa.ListArray.from_arrays(pa.array(top.offsets), texts)


def sentence(reason: Reason, lang: str, labels: Labels | None = None) -> str:
    """One reason in words; raises UsageError when there is no catalogue for the language."""
    words = language(lang, labels)
    return f"{phrase(reason.column, reason.observed, words)} {effect(reason.points, words)}"


def effect(points: float, words: Language) -> str:
    """What a contribution does to the probability: "(+12 points)", "(slightly down)"."""
    shown = float(_shown(np.array([points]))[0])
    if abs(shown) == _SLIGHT:
        return words.say("(slightly up)") if shown > 0 else words.say("(slightly down)")
    number = words.number(shown, sign=True)
    return words.count("(%(points)s point)", "(%(points)s points)", shown, points=number)


def _phrases(values: pa.Array, column: FeatureColumn, words: Language) -> pa.Array:
    if pa.types.is_floating(values.type):
        values = pc.floor(values) if column.measure in _WHOLE_DAYS else pc.round(values, 2)
    encoded = values.dictionary_encode(null_encoding="encode")
    texts = [phrase(column, value, words) for value in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _effects(points: FloatArray, words: Language) -> pa.Array:
    distinct, index = np.unique(_shown(points), return_inverse=True)
    texts = [effect(float(shown), words) for shown in distinct]
    return pa.array(texts, pa.string()).take(pa.array(index))


def _shown(points: FloatArray) -> FloatArray:
    """Points as they are written; ±_SLIGHT where one decimal would read as nothing."""
    shown = np.where(np.abs(points) >= _WHOLE, np.round(points), np.round(points, 1))
    return np.where(shown == 0, np.copysign(_SLIGHT, points), shown)
