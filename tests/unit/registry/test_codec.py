import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from predictive_scoring.errors import BundleError
from predictive_scoring.model import (
    BaseRateModel,
    BoosterModel,
    Calibration,
    Fill,
    LinearModel,
    ModelBundle,
    Term,
    Vocabulary,
)
from predictive_scoring.records import FeatureColumn, FeatureSpec
from predictive_scoring.registry.codec import from_json, to_json

SPEC = FeatureSpec((FeatureColumn("sector", "category", "fit", "profile"),))
WORDS = {"sector": Vocabulary(("a", "b"))}
LINEAR = LinearModel(-1.0, (Term(levels=(0.0, 0.5, -0.5)),))


def model(predictor: LinearModel | BoosterModel | BaseRateModel = LINEAR) -> ModelBundle:
    return ModelBundle(predictor, SPEC, WORDS, Calibration(), 90, {"seed": 1})


def changed(path: str, value: object) -> bytes:
    """The model's JSON with the value at a path such as spec.columns.0.kind replaced."""
    plain = json.loads(to_json(model()))
    *parents, last = path.split(".")
    at: Any = plain
    for key in parents:
        at = at[int(key)] if key.isdigit() else at[key]
    at[last] = value
    return json.dumps(plain).encode()


def test_reads_back_what_it_wrote() -> None:
    assert from_json(to_json(model()), None) == model()


def test_unchanged_json_is_accepted() -> None:
    assert from_json(changed("horizon_days", 90), None) == model()


def test_linear_terms_of_before_have_no_mean() -> None:
    plain = json.loads(to_json(model(LINEAR)))
    for term in plain["predictor"]["terms"]:
        assert term.pop("mean") == 0.0
    assert from_json(json.dumps(plain).encode(), None) == model(LINEAR)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("horizon_days", "90"),
        ("horizon_days", 90.0),
        ("horizon_days", True),
        ("schema_version", 2),
        ("surplus", 1),
        ("calibration", None),
        ("calibration.slope", None),
        ("calibration.slope", "1.0"),
        ("calibration.slope", 1),
        ("calibration.offsets", []),
        ("calibration.offsets", {"DE": "x"}),
        ("spec.columns", {}),
        ("spec.columns.0.kind", "text"),
        ("spec.columns.0.window", 1.5),
        ("spec.columns.0.kind", "number"),  # its vocabulary has no column then
        ("vocabularies", {}),
        ("vocabularies.other", {"values": []}),
        ("vocabularies.sector.values", ["a"]),  # a level too many then
        ("predictor", {"kind": "pickle"}),
        ("predictor", []),
        ("predictor.kind", "base_rate"),
        ("predictor.terms", []),
        ("predictor.intercept", None),
        ("facts.seed", None),
        ("facts.seed", [1]),
        ("facts.seed", False),
    ],
)
def test_refuses_another_shape(path: str, value: object) -> None:
    with pytest.raises(BundleError) as caught:
        from_json(changed(path, value), None)
    assert caught.value.expected
    assert caught.value.todo


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_refuses_what_is_no_json_object(content: bytes) -> None:
    with pytest.raises(BundleError):
        from_json(content, None)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_refuses_literals_that_are_no_finite_number(literal: str) -> None:
    content = to_json(model()).replace(b'"slope": 1.0', f'"slope": {literal}'.encode())
    with pytest.raises(BundleError):
        from_json(content, None)


def test_booster_text_and_kind_go_together() -> None:
    lightgbm = model(BoosterModel("tree"))
    content = to_json(lightgbm)
    assert b"tree" not in content
    assert from_json(content, "tree") == lightgbm
    with pytest.raises(BundleError, match="without"):
        from_json(content, None)
    with pytest.raises(BundleError, match="with"):
        from_json(to_json(model()), "tree")


NUMBERS = FeatureSpec((*SPEC.columns, FeatureColumn("size", "number", "fit", "profile")))


def test_fills_of_a_booster_are_read_back() -> None:
    filled = replace(model(BoosterModel("tree", (Fill(1, 0.1 + 0.2),))), spec=NUMBERS)
    assert from_json(to_json(filled), "tree") == filled


@pytest.mark.parametrize("fills", [(Fill(0, 1.0),), (Fill(2, 1.0),), (Fill(-1, 1.0),)])
def test_refuses_a_fill_of_what_is_no_number(fills: tuple[Fill, ...]) -> None:
    filled = replace(model(BoosterModel("tree", fills)), spec=NUMBERS)
    with pytest.raises(BundleError, match="fills"):
        to_json(filled)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_writes_only_finite_numbers(value: float) -> None:
    with pytest.raises(BundleError, match=r"calibration\.slope"):
        to_json(replace(model(), calibration=Calibration(slope=value)))
    with pytest.raises(BundleError, match=r"facts\.auc"):
        to_json(replace(model(), facts={"auc": value}))
    if value != -math.inf:
        with pytest.raises(BundleError, match="low"):
            to_json(model(LinearModel(0.0, (Term(levels=(0.0, 0.0, 0.0), low=value),))))


@pytest.mark.parametrize("fact", [True, None, np.int64(3), [1]])
def test_writes_only_what_it_reads_back(fact: Any) -> None:
    with pytest.raises(BundleError):
        to_json(replace(model(), facts={"fact": fact}))


def test_equal_numbers_are_written_alike() -> None:
    one = model(LinearModel(0, (Term(0, 0, 1, -0.0, (0, np.float64(0.5), -0.5)),)))
    two = model(LinearModel(0.0, (Term(0.0, 0.0, 1.0, 0.0, (0.0, 0.5, -0.5)),)))
    assert one == two
    assert to_json(one) == to_json(two)
