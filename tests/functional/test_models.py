"""A second training, and who scores: list, promote, roll back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import pytest


@pytest.fixture(scope="module")
def retrained(trained, tmp_path_factory):
    """A copy of the company, trained again by another process with another hash seed."""
    folder = tmp_path_factory.mktemp("retrained") / "company"
    shutil.copytree(trained.company.folder, folder)
    company = type(trained.company)(folder)
    done = subprocess.run(
        [sys.executable, "-m", "predictive_scoring", "train", "-c", company.config, "--quiet"],
        env={**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return company, done.stdout


@pytest.fixture
def two(retrained, company):
    """A copy with two versions: 1 is champion, 2 challenger."""
    shutil.rmtree(company.folder)
    shutil.copytree(retrained[0].folder, company.folder)
    return company


def versions(company):
    return {v["version"]: v for v in company.run("models", "list", "--json").json()["versions"]}


def bundle(company, version):
    """The folder of a version's files: where it was registered, or moved with the company."""
    registered = Path(url2pathname(urlparse(version["source"]).path))
    moved = company.folder / "models" / "artifacts" / version["run_id"] / "artifacts" / "bundle"
    return moved if moved.is_dir() else registered


def test_same_data_same_seed_same_bundle(retrained, trained):
    found = versions(retrained[0])
    assert set(found) == {"1", "2"}
    assert found["2"]["bundle_digest"] == found["1"]["bundle_digest"]
    assert found["2"]["data_digest"] == found["1"]["data_digest"]
    assert found["1"]["bundle_digest"] == trained.training["bundle_digest"]
    first, second = (bundle(retrained[0], found[number]) for number in ("1", "2"))
    assert first != second
    assert {f.name for f in first.iterdir()} == {f.name for f in second.iterdir()}
    for file in first.iterdir():
        assert file.read_bytes() == (second / file.name).read_bytes(), file.name


def test_a_moved_models_folder_keeps_its_new_models(retrained, trained):
    """The folder was moved after the first training: the second one's files are in the new place,
    not in the old one, which may be another company's by now."""
    company, _ = retrained
    runs = {found["run_id"] for found in versions(company).values()}
    assert {bundle.parts[-3] for bundle in company.bundles()} == runs
    assert not trained.company.folder.with_name("made").exists()


def test_a_second_training_becomes_challenger_and_says_how_to_promote(retrained):
    company, said = retrained
    assert {v: found["aliases"] for v, found in versions(company).items()} == {
        "1": ["champion"],
        "2": ["challenger"],
    }
    assert "models promote 2 --by NAME --reason TEXT" in said


def test_promote_and_roll_back(two):
    moved = two.run(
        "models", "promote", "2", "--by", "Ana", "--reason", "newer data", "--json"
    ).json()
    assert (moved["version"], moved["previous"]) == ("2", "1")
    assert versions(two)["2"]["aliases"] == ["champion"]
    assert versions(two)["2"]["promoted_by"] == "Ana"
    assert two.run("score", "--json").json()["model_version"] == "2"

    back = two.run("models", "rollback", "--by", "Ben", "--reason", "too few MQLs")
    assert "version 1 (was: version 2), by Ben: too few MQLs" in back.stdout
    assert versions(two)["1"]["aliases"] == ["champion"]
    assert versions(two)["2"]["aliases"] == ["challenger"]
    assert two.run("score", "--json").json()["model_version"] == "1"


def test_the_list_tells_the_champion_s_history_newest_first(two):
    two.run("models", "promote", "2", "--by", "Ana", "--reason", "newer data")
    two.run("models", "rollback", "--by", "Ben", "--reason", "sales complained")
    history = [
        line for line in two.run("models", "list").stdout.splitlines() if line.startswith("history")
    ]
    assert [line.split("UTC", 1)[1].split(maxsplit=1) for line in history] == [
        ["rollback", "version 2 → 1, by Ben: sales complained"],
        ["promote", "version 1 → 2, by Ana: newer data"],
        ["promote", "→ 1, by predictive-scoring train: the first model of this company"],
    ]
    moves = two.run("models", "list", "--json").json()["promotions"]
    assert [(m["action"], m["version"], m["previous"]) for m in moves] == [
        ("promote", "1", ""),
        ("promote", "2", "1"),
        ("rollback", "1", "2"),
    ]


def test_a_promotion_needs_a_name_and_a_reason(two):
    assert "--by" in two.run("models", "promote", "2", "--reason", "x", code=2).stderr
    assert (
        "reason" in two.run("models", "promote", "2", "--by", "A", "--reason", " ", code=2).stderr
    )
    assert versions(two)["1"]["aliases"] == ["champion"]


def test_an_unknown_version_names_those_there_are(two):
    refused = two.run("models", "promote", "7", "--by", "A", "--reason", "b", code=2)
    assert "one of 2, 1" in refused.stderr


def test_a_first_champion_has_nobody_to_roll_back_to(company):
    refused = company.run("models", "rollback", "--by", "A", "--reason", "b", code=2)
    assert "no predecessor" in refused.stderr


def test_words_that_look_like_markup_stay_words(two):
    reason = "see [ticket 12] [/b] \\ [red]now[/red]"
    moved = two.run("models", "promote", "2", "--by", "[Ana]", "--reason", reason)
    assert f"by [Ana]: {reason}" in moved.stdout
    assert reason in two.run("models", "list").stdout


def test_listing_before_any_training(untrained):
    listed = untrained.run("models", "list")
    assert "train first" in listed.stdout
    assert untrained.run("models", "list", "--json").json()["versions"] == []
