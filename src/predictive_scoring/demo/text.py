"""Building columns of text out of small vocabularies, a whole column at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]


def pick(words: Sequence[str | None] | pa.Array, codes: npt.NDArray[Any]) -> pa.Array:
    """`words[code]` for each code; shape (n,), string, null where the word is None."""
    vocabulary = words if isinstance(words, pa.Array) else pa.array(words, type=pa.string())
    return vocabulary.take(pa.array(codes))


def join(*parts: pa.Array | str) -> pa.Array:
    """Put the parts of each row together; null where any part is null."""
    return pc.binary_join_element_wise(*parts, "")


def number(values: npt.NDArray[Any], width: int = 0) -> pa.Array:
    """Whole numbers as text, padded with zeros to `width` characters."""
    return pc.utf8_lpad(pa.array(values).cast(pa.string()), width=width, padding="0")


def where(keep: Mask, values: pa.Array, other: pa.Array | str | None = None) -> pa.Array:
    """`values` where `keep`, else `other` (null when not given)."""
    if not isinstance(other, pa.Array):
        other = pa.scalar(other, type=values.type)
    return pc.if_else(pa.array(keep), values, other)
