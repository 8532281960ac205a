"""Promise 9: no code in a model; every file is checked before anything is parsed."""

import json
import math
import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from predictive_scoring.errors import BundleError, ColumnsError
from predictive_scoring.model import (
    BaseRateModel,
    BoosterModel,
    Calibration,
    Fill,
    LinearModel,
    ModelBundle,
    Predictor,
    Term,
    Vocabulary,
)
from predictive_scoring.records import FeatureColumn, FeatureSpec, LeftOut
from predictive_scoring.registry import bundle_digest, read_bundle, read_reference, write_bundle
from predictive_scoring.registry import codec as codec_module
from predictive_scoring.registry.manifest import File, parse, render

FILES = ("model.json", "booster.txt", "reference.parquet", "manifest.json")
AWKWARD = (0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1 / 3, 2.0**-1074, math.pi)


def booster() -> BoosterModel:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(200, 2))
    y = (x[:, 0] > 0).astype(float)
    data = lgb.Dataset(x, y, params={"verbose": -1})
    settings = {"objective": "binary", "verbose": -1, "num_leaves": 4, "seed": 1, "num_threads": 1}
    text = lgb.train(settings, data, 3).model_to_string()
    return BoosterModel(text, (Fill(0, AWKWARD[3]), Fill(2, 1.0)))


def linear() -> LinearModel:
    number = Term(AWKWARD[0], AWKWARD[3], AWKWARD[5], AWKWARD[1])
    bounded = Term(AWKWARD[2], missing=-0.0, low=-1.5, high=AWKWARD[4])
    return LinearModel(AWKWARD[3], (number, Term(levels=AWKWARD[:4], missing=0.5), bounded))


def bundle_of(predictor: Predictor) -> ModelBundle:
    columns = (
        FeatureColumn("visits_7d", "number", "engagement", "count", "events", "type", "visit", 7),
        FeatureColumn("sector", "category", "fit", "profile", "sector"),
        FeatureColumn("consent", "flag", "fit", "profile", "consent"),
    )
    return ModelBundle(
        predictor=predictor,
        spec=FeatureSpec(columns, (LeftOut("gender", "protected"),)),
        vocabularies={"sector": Vocabulary(("santé", "naïve \u2028 'q\"", "=cmd()"))},
        calibration=Calibration(AWKWARD[0], AWKWARD[3], {"DE": AWKWARD[1], "": 0.25}),
        horizon_days=90,
        facts={"seed": 20261101, "log_loss": AWKWARD[5], "trained": "2026-11-01"},
    )


def reference() -> pa.Table:
    return pa.table(
        {"log_odds": [-1.25, AWKWARD[0]], "outcome": [0.0, 1.0], "market": ["DE", None]}
    )


PREDICTORS: dict[str, Callable[[], Predictor]] = {
    "lightgbm": booster,
    "logistic": linear,
    "base_rate": lambda: BaseRateModel(AWKWARD[3]),
}


@pytest.fixture(scope="module")
def lightgbm_bundle() -> ModelBundle:
    return bundle_of(booster())


@pytest.fixture
def folder(tmp_path: Path, lightgbm_bundle: ModelBundle) -> Path:
    write_bundle(lightgbm_bundle, tmp_path / "bundle", reference())
    return tmp_path / "bundle"


@pytest.fixture
def no_parsing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 (first)
    """Once the bundle is written, any parsing of its files fails the test."""

    def parsed(*_: object, **__: object) -> None:
        raise AssertionError("parsed before it was checked")

    monkeypatch.setattr(codec_module, "from_json", parsed)
    monkeypatch.setattr(pq, "read_table", parsed)
    monkeypatch.setattr(lgb, "Booster", parsed)
    monkeypatch.setattr(pickle, "loads", parsed)
    monkeypatch.setattr(pickle, "load", parsed)


def refused(folder: Path) -> BundleError:
    with pytest.raises(BundleError) as caught:
        read_bundle(folder)
    with pytest.raises(BundleError):
        read_reference(folder)
    with pytest.raises(BundleError):
        bundle_digest(folder)
    assert caught.value.found
    assert caught.value.expected
    assert caught.value.todo
    return caught.value


@pytest.mark.parametrize("kind", PREDICTORS)
def test_bundle_round_trip_is_exact(kind: str, tmp_path: Path) -> None:
    written = bundle_of(PREDICTORS[kind]())
    digest = write_bundle(written, tmp_path / "b", reference())
    read = read_bundle(tmp_path / "b", digest)
    assert read == written
    assert bundle_digest(tmp_path / "b") == digest
    assert (tmp_path / "b" / "booster.txt").exists() == (kind == "lightgbm")
    assert struct.pack("<d", read.calibration.slope) == struct.pack("<d", AWKWARD[0])
    table = read_reference(tmp_path / "b")
    assert table is not None
    assert table.to_pydict() == reference().to_pydict()


@pytest.mark.usefixtures("no_parsing")
def test_bundle_checks_would_notice_parsing(folder: Path) -> None:
    with pytest.raises(AssertionError, match="parsed before"):
        read_bundle(folder)
    with pytest.raises(AssertionError, match="parsed before"):
        read_reference(folder)


def test_bundle_keeps_unbounded_ranges_without_infinity_literals(tmp_path: Path) -> None:
    write_bundle(bundle_of(linear()), tmp_path / "b")
    text = (tmp_path / "b" / "model.json").read_text("utf-8")
    assert "Infinity" not in text
    assert "NaN" not in text
    predictor = read_bundle(tmp_path / "b").predictor
    assert isinstance(predictor, LinearModel)
    assert (predictor.terms[0].low, predictor.terms[0].high) == (-math.inf, math.inf)
    assert (predictor.terms[2].low, predictor.terms[2].high) == (-1.5, AWKWARD[4])
    assert read_reference(tmp_path / "b") is None


@pytest.mark.parametrize("kind", PREDICTORS)
def test_bundle_is_byte_identical_for_equal_models(kind: str, tmp_path: Path) -> None:
    one = bundle_of(PREDICTORS[kind]())
    two = bundle_of(PREDICTORS[kind]())
    offsets = dict(reversed(list(two.calibration.offsets.items())))
    facts = dict(reversed(list(two.facts.items())))
    two = ModelBundle(
        two.predictor,
        two.spec,
        two.vocabularies,
        Calibration(two.calibration.slope, two.calibration.intercept, offsets),
        90,
        facts,
    )
    rows = reference()
    pieces = pa.concat_tables([rows.slice(0, 1), rows.slice(1)]).replace_schema_metadata({"x": "y"})
    assert one == two
    assert write_bundle(one, tmp_path / "1", rows) == write_bundle(two, tmp_path / "2", pieces)
    for file in sorted((tmp_path / "1").iterdir()):
        assert file.read_bytes() == (tmp_path / "2" / file.name).read_bytes(), file.name


def test_bundle_digest_differs_for_another_model(tmp_path: Path) -> None:
    one = write_bundle(bundle_of(BaseRateModel(-1.0)), tmp_path / "1")
    two = write_bundle(bundle_of(BaseRateModel(math.nextafter(-1.0, 0))), tmp_path / "2")
    assert one != two
    with pytest.raises(BundleError, match=one):
        read_bundle(tmp_path / "1", two)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.usefixtures("no_parsing")
def test_bundle_with_a_changed_byte_is_refused_before_parsing(
    name: str, place: float, folder: Path
) -> None:
    content = bytearray((folder / name).read_bytes())
    content[round(place * (len(content) - 1))] ^= 1
    (folder / name).write_bytes(content)
    refused(folder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("no_parsing")
def test_bundle_truncated_is_refused_before_parsing(name: str, folder: Path) -> None:
    content = (folder / name).read_bytes()
    for length in (0, 1, len(content) // 2, len(content) - 1):
        (folder / name).write_bytes(content[:length])
        refused(folder)
    (folder / name).write_bytes(content + b"\n")
    refused(folder)
    (folder / name).unlink()
    refused(folder)


@pytest.mark.parametrize("extra", ["model.pkl", ".hidden", "MLmodel", "python_model"])
@pytest.mark.usefixtures("no_parsing")
def test_bundle_with_an_extra_file_is_refused(extra: str, folder: Path) -> None:
    (folder / extra).write_bytes(b"x")
    assert extra in refused(folder).found


@pytest.mark.usefixtures("no_parsing")
def test_bundle_with_an_extra_folder_or_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "more").mkdir()
    assert "more" in refused(folder).found
    (folder / "more").rmdir()
    (folder / "booster.txt").rename(tmp_path / "booster.txt")
    (folder / "booster.txt").symlink_to(tmp_path / "booster.txt")
    assert "link" in refused(folder).found


@pytest.mark.parametrize("version", [0, 2, "1", 1.0, True, None])
@pytest.mark.usefixtures("no_parsing")
def test_bundle_of_unknown_version_is_refused(version: object, folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["schema_version"] = version
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "schema version" in refused(folder).found


def test_bundle_of_unknown_version_is_refused_with_its_right_digest(folder: Path) -> None:
    files = parse((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_bytes(render(files, version=2))
    assert refused(folder).expected == "schema version 1"


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/b", "..", "model.pkl", ""])
@pytest.mark.usefixtures("no_parsing")
def test_bundle_manifest_cannot_lead_out_of_its_folder(name: str, folder: Path) -> None:
    (folder.parent / "secret").write_bytes(b"x")
    files = [*parse((folder / "manifest.json").read_bytes()), File.of(name, b"x")]
    (folder / "manifest.json").write_bytes(render(sorted(files, key=lambda f: f.name)))
    assert name in refused(folder).found


def test_bundle_listing_a_file_twice_or_no_model_is_refused(folder: Path) -> None:
    files = parse((folder / "manifest.json").read_bytes())
    for listed in ([*files, files[-1]], [f for f in files if f.name != "model.json"], []):
        (folder / "manifest.json").write_bytes(render(listed))
        refused(folder)


class Bomb:
    """Pickled, it runs code when it is loaded."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return eval, ("setattr(__import__('builtins'), 'bundle_bomb', True)",)


@pytest.mark.parametrize("name", ["model.json", "booster.txt", "reference.parquet"])
def test_bundle_never_loads_pickle_bytes(name: str, folder: Path) -> None:
    """Even where the manifest vouches for them."""
    import builtins

    (folder / name).write_bytes(pickle.dumps(Bomb()))
    contents = {f: (folder / f).read_bytes() for f in FILES if f != "manifest.json"}
    files = [File.of(f, content) for f, content in sorted(contents.items())]
    (folder / "manifest.json").write_bytes(render(files))
    if name == "reference.parquet":
        read_bundle(folder)
        with pytest.raises(BundleError, match=name):
            read_reference(folder)
    else:
        with pytest.raises(BundleError, match=name):
            read_bundle(folder)
    assert not hasattr(builtins, "bundle_bomb")


def test_bundle_writes_only_its_known_files(folder: Path) -> None:
    assert sorted(f.name for f in folder.iterdir()) == sorted(FILES)
    for file in folder.iterdir():
        assert not file.read_bytes().startswith((b"\x80\x04", b"\x80\x05", b"PK"))
    # Arrow's own schema, which may name extension types, is not embedded.
    assert b"ARROW:schema" not in (folder / "reference.parquet").read_bytes()


def test_bundle_is_not_written_over_another(folder: Path, lightgbm_bundle: ModelBundle) -> None:
    before = (folder / "model.json").read_bytes()
    with pytest.raises(BundleError, match="holds files already"):
        write_bundle(lightgbm_bundle, folder)
    assert (folder / "model.json").read_bytes() == before


def test_bundle_reference_needs_its_columns(tmp_path: Path) -> None:
    with pytest.raises(ColumnsError, match="market"):
        write_bundle(bundle_of(linear()), tmp_path / "b", reference().drop_columns("market"))
    assert not (tmp_path / "b").exists()
