"""A model as canonical JSON: floats come back exactly, equal models give equal bytes.

The shape of the JSON is that of the dataclasses in ``model.py`` and ``records.py``, field by
field. Reading is strict: a key too many or too few, or a value of another type, is refused.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from predictive_scoring.errors import BundleError
from predictive_scoring.model import SCHEMA_VERSION, BoosterModel, LinearModel, ModelBundle, Term
from predictive_scoring.records import FeatureColumn

_LATER: Mapping[type, dict[str, object]] = {  # fields that bundles of before did not have
    Term: {"mean": 0.0},
    FeatureColumn: {"also": []},
    ModelBundle: {"thresholds": []},
}
_UNBOUNDED = {"low": -math.inf, "high": math.inf}  # fields of a Term that may be infinite: null
_DAMAGED = "fetch the bundle again, or train a new model: predictive-scoring train --config ..."
_FAULT = "a fault of training: report it with the configuration"


def to_json(bundle: ModelBundle) -> bytes:
    """Write the bundle without the booster's text, which has a file of its own.

    Raises BundleError for a number that is not finite (a Term's low and high may be infinite),
    and for anything else that would not be read back equal.
    """
    booster = bundle.predictor.text if isinstance(bundle.predictor, BoosterModel) else None
    plain = _plain(_without_text(bundle), ModelBundle, "model")
    try:
        text = json.dumps(plain, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
        content = text.encode() + b"\n"
    except (TypeError, ValueError) as error:
        raise BundleError(f"a model with {error}", "text and finite numbers", _FAULT) from None
    if from_json(content, booster) != bundle:
        raise BundleError("a model that is not read back equal", "records as declared", _FAULT)
    return content


def from_json(content: bytes, booster: str | None) -> ModelBundle:
    """Read the bundle that ``to_json`` wrote, with its booster's text where it has one.

    Raises BundleError when the content is not a model or does not fit together.
    """
    try:
        plain = json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"model.json: {error}", "JSON", _DAMAGED) from None
    bundle = cast("ModelBundle", _typed(plain, ModelBundle, "model"))
    if isinstance(bundle.predictor, BoosterModel) != (booster is not None):
        raise BundleError(
            f"a {bundle.predictor.kind} model {'with' if booster is not None else 'without'} "
            "booster.txt",
            "booster.txt with a lightgbm model, and only there",
            _DAMAGED,
        )
    if isinstance(bundle.predictor, BoosterModel) and booster is not None:
        bundle = replace(bundle, predictor=replace(bundle.predictor, text=booster))
    _fits_together(bundle)
    return bundle


def _without_text(bundle: ModelBundle) -> ModelBundle:
    if isinstance(bundle.predictor, BoosterModel):
        return replace(bundle, predictor=replace(bundle.predictor, text=""))
    return bundle


def _no_constant(name: str) -> float:
    raise ValueError(f"the literal {name}")


def _plain(value: object, hint: object, where: str) -> object:
    """Dataclasses and mappings as dicts, tuples as lists; numbers declared float as float."""
    if is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        return {
            f.name: None
            if getattr(value, f.name) == _UNBOUNDED.get(f.name)
            else _plain(getattr(value, f.name), hints[f.name], f"{where}.{f.name}")
            for f in fields(value)
        }
    if isinstance(value, Mapping):
        return {key: _plain(v, get_args(hint)[1], f"{where}.{key}") for key, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v, get_args(hint)[0], f"{where}[{i}]") for i, v in enumerate(value)]
    if isinstance(value, float) or (hint is float and isinstance(value, int)):
        return _finite(value, where)
    return value


def _finite(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise BundleError(f"{where} = {value}", "a finite number", _FAULT)
    return float(value) + 0.0  # -0.0 equals 0.0 and is written like it


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record)


def _typed(value: object, hint: object, where: str) -> object:
    """Return the value as the type its field declares; raises BundleError when it is of another."""
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(value, hint, where)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple and isinstance(value, list):
        return tuple(_typed(v, inner[0], f"{where}[{i}]") for i, v in enumerate(value))
    if origin is Mapping and isinstance(value, dict):
        return {key: _typed(v, inner[1], f"{where}.{key}") for key, v in value.items()}
    if origin in (Union, types.UnionType):
        return _typed(value, _member(value, inner, where), where)
    if origin is Literal and isinstance(value, str) and value in inner:
        return value
    if hint is float and isinstance(value, float) and math.isfinite(value):
        return value
    if hint in (str, int, types.NoneType) and type(value) is hint:
        return value
    raise _unlike(where, value, getattr(hint, "__name__", str(hint)))


def _record(value: object, hint: type, where: str) -> object:
    hints = _hints(hint)
    if isinstance(value, dict):
        value = _LATER.get(hint, {}) | value
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise _unlike(where, sorted(value) if isinstance(value, dict) else value, sorted(hints))
    return hint(
        **{
            name: _UNBOUNDED[name]
            if value[name] is None and name in _UNBOUNDED
            else _typed(value[name], hints[name], f"{where}.{name}")
            for name in hints
        }
    )


def _member(value: object, members: tuple[type, ...], where: str) -> type:
    """Choose a union's member for the value: by ``kind`` for records, by type for scalars.

    A record without a kind is the only one of its union.
    """
    for member in members:
        if type(value) is member:
            return member
        if is_dataclass(member) and isinstance(value, dict):
            kinds = get_args(_hints(member).get("kind"))
            if not kinds or value.get("kind") in kinds:
                return member
    raise _unlike(where, value, " or ".join(m.__name__ for m in members))


def _unlike(where: str, found: object, expected: object) -> BundleError:
    return BundleError(f"{where}: {str(found)[:200]!r}", f"{expected}", _DAMAGED)


def _fits_together(bundle: ModelBundle) -> None:
    """Vocabularies, fills and linear terms belong to the columns the spec names."""
    if bundle.schema_version != SCHEMA_VERSION:
        raise _unlike("schema_version", bundle.schema_version, SCHEMA_VERSION)
    names, columns = bundle.spec.names, bundle.spec.columns
    if len(set(names)) != len(names):
        raise _unlike("spec", names, "columns with unique names")
    categories = {c.name for c in columns if c.kind == "category"}
    if bundle.vocabularies.keys() != categories:
        raise _unlike("vocabularies", sorted(bundle.vocabularies), sorted(categories))
    if isinstance(bundle.predictor, BoosterModel):
        numbers = {j for j, c in enumerate(columns) if c.kind != "category"}
        filled = {fill.column for fill in bundle.predictor.fills}
        if not filled <= numbers:
            raise _unlike("predictor.fills", sorted(filled), "columns of numbers and flags")
    if not isinstance(bundle.predictor, LinearModel):
        return
    if len(bundle.predictor.terms) != len(columns):
        raise _unlike("predictor.terms", len(bundle.predictor.terms), f"{len(columns)} terms")
    for column, term in zip(columns, bundle.predictor.terms, strict=True):
        codes = len(bundle.vocabularies[column.name].values) + 1 if column.kind == "category" else 0
        if len(term.levels) != codes:
            raise _unlike(f"term of {column.name}", len(term.levels), f"{codes} levels")
