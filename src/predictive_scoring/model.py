"""A trained model as plain data: what a bundle holds, and how rows become its matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from predictive_scoring.errors import ColumnsError
from predictive_scoring.records import ContractThresholds, FeatureSpec

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.records import FloatArray

SCHEMA_VERSION = 1
OTHER = "(other)"  # code 0: rare in training, or never seen there
UNSEEN_CODE = 0.0


@dataclass(frozen=True)
class Vocabulary:
    """The categories a column's codes stand for: ``values[i]`` has code ``i + 1``.

    Code 0 is ``(other)``: values rare in training or never seen there. Missing stays missing (NaN).
    """

    values: tuple[str, ...]


@dataclass(frozen=True)
class Fill:
    """What a missing value of a number or flag means to a booster that never saw one missing."""

    column: int  # of the matrix
    value: float  # the training median


@dataclass(frozen=True)
class BoosterModel:
    """A LightGBM booster as its own text; its matrix columns are the spec's, in order.

    ``fills`` are for the columns that were never missing in training: LightGBM would read a
    missing value there as 0.
    """

    text: str
    fills: tuple[Fill, ...] = ()
    kind: Literal["lightgbm"] = "lightgbm"


@dataclass(frozen=True)
class Term:
    """One column's part of a linear model, in log-odds.

    A number or flag x gives ``coefficient * (x - center) / scale``, a missing one ``missing``;
    a category gives ``levels[code]`` (length of the vocabulary + 1), a missing one ``missing``.
    ``mean`` is what that is on average over the training rows.
    """

    coefficient: float = 0.0
    center: float = 0.0
    scale: float = 1.0
    missing: float = 0.0
    levels: tuple[float, ...] = ()
    low: float = float("-inf")  # values are clipped to [low, high], the range training saw
    high: float = float("inf")
    mean: float = 0.0

    def log_odds(self, values: FloatArray) -> FloatArray:
        """What each row's value adds, shape (rows,), for a column of the encoded matrix."""
        import numpy as np

        missing = np.isnan(values)
        known = np.where(missing, 0.0, values)
        if self.levels:
            part = np.asarray(self.levels, dtype=np.float64)[known.astype(np.int64)]
        else:
            clipped = np.clip(known, self.low, self.high)
            part = self.coefficient * (clipped - self.center) / self.scale
        return np.where(missing, self.missing, part)


@dataclass(frozen=True)
class LinearModel:
    """log-odds = intercept + Σ terms, one term per column of the spec, in order."""

    intercept: float
    terms: tuple[Term, ...]
    kind: Literal["logistic"] = "logistic"


@dataclass(frozen=True)
class BaseRateModel:
    """The same log-odds for every lead."""

    log_odds: float
    kind: Literal["base_rate"] = "base_rate"


Predictor = BoosterModel | LinearModel | BaseRateModel


@dataclass(frozen=True)
class Calibration:
    """Affine in log-odds: shown = slope × raw + intercept + offset of the market (0 where none)."""

    slope: float = 1.0
    intercept: float = 0.0
    offsets: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelBundle:
    """All that scoring needs, as plain data.

    ``thresholds`` are those of each version of the contract that was in force or to come. ``facts``
    are for people: dates, counts, metrics.
    """

    predictor: Predictor
    spec: FeatureSpec
    vocabularies: Mapping[str, Vocabulary]
    calibration: Calibration
    horizon_days: int
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    thresholds: tuple[ContractThresholds, ...] = ()
    schema_version: int = SCHEMA_VERSION


def encode(
    features: pa.Table | pa.RecordBatch, spec: FeatureSpec, vocabularies: Mapping[str, Vocabulary]
) -> FloatArray:
    """The model's matrix, shape (rows, columns of the spec), float64, C-contiguous.

    Categories become their vocabulary's codes, missing values NaN. Columns are taken by name;
    raises ColumnsError when one is not there. Extra columns are not looked at.
    """
    import numpy as np

    present = set(features.schema.names)
    if missing := [name for name in spec.names if name not in present]:
        raise ColumnsError("features", missing, sorted(present))
    matrix = np.empty((features.num_rows, len(spec.columns)), dtype=np.float64)
    for j, column in enumerate(spec.columns):
        values = features.column(column.name)
        if column.kind == "category":
            matrix[:, j] = _codes(values, vocabularies[column.name])
        else:
            matrix[:, j] = _floats(values)
    return matrix


def filled(matrix: FloatArray, fills: tuple[Fill, ...]) -> FloatArray:
    """A copy of the encoded matrix in which the fills' columns have no missing values."""
    import numpy as np

    matrix = matrix.copy()
    for fill in fills:
        column = matrix[:, fill.column]
        column[np.isnan(column)] = fill.value
    return matrix


def _floats(values: pa.Array | pa.ChunkedArray) -> FloatArray:
    import numpy as np
    import pyarrow as pa

    floats: FloatArray = values.cast(pa.float64()).to_numpy(
        **({} if isinstance(values, pa.ChunkedArray) else {"zero_copy_only": False})
    )
    return np.asarray(floats, dtype=np.float64)


def _codes(values: pa.Array | pa.ChunkedArray, vocabulary: Vocabulary) -> FloatArray:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pa.array(vocabulary.values, pa.string())
    index = pc.index_in(values.cast(pa.string()), value_set=known)
    codes = pc.fill_null(pc.add(pc.cast(index, pa.float64()), 1.0), UNSEEN_CODE)
    coded = _floats(codes)
    null = values.is_null().to_numpy(
        **({} if isinstance(values, pa.ChunkedArray) else {"zero_copy_only": False})
    )
    return np.where(null, np.nan, coded)
