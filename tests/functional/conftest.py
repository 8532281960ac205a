"""One simulated company, trained and scored once through the command line; tests work on copies."""

from __future__ import annotations

import contextlib
import io
import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from predictive_scoring.cli import main
from predictive_scoring.demo import DemoCompany, simulate
from predictive_scoring.runs.demo import demo_config

LEADS, SEED = 2_500, 2
SMALL = """
training:
  folds: 2
  trees: 60
  bootstrap: 50
  candidates: [lightgbm]   # the least loss: so small a company may choose a mere base rate
"""


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code and what it printed where."""

    code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    def json(self) -> Any:
        """The standard output as JSON proper: NaN and Infinity are none."""
        return json.loads(self.stdout, parse_constant=_refused)


@dataclass(frozen=True)
class Company:
    """A folder with a configuration, and the command line inside it."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "company.yaml"

    @property
    def store(self) -> Path:
        return self.folder / "models" / "demo" / "scores.duckdb"

    def run(self, *arguments: object, code: int | None = 0) -> Outcome:
        """Run a command with this company's configuration and check its exit code."""
        given = list(map(str, arguments))
        place = given.index("--") if "--" in given else len(given)
        return command(*given[:place], "--config", self.config, *given[place:], code=code)

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Read the score store."""
        with duckdb.connect(str(self.store), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def bundles(self) -> list[Path]:
        return sorted((self.folder / "models" / "artifacts").glob("*/artifacts/bundle"))


@dataclass(frozen=True)
class Trained:
    """The company as the session made it, and what its commands said as JSON."""

    company: Company
    simulated: DemoCompany
    training: Any
    scoring: Any


def command(*arguments: object, code: int | None = 0) -> Outcome:
    """Run the command line in this process; what is no error of ours fails the test."""
    out, err = io.StringIO(), io.StringIO()
    argv = sys.argv
    sys.argv = ["predictive-scoring", *map(str, arguments)]
    try:
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as left,
        ):
            main()
    finally:
        sys.argv = argv
    given = left.value.code
    outcome = Outcome(given if isinstance(given, int) else 0, out.getvalue(), err.getvalue())
    assert "Traceback" not in outcome.output
    assert code is None or outcome.code == code, outcome
    return outcome


def _refused(constant: str) -> float:
    raise AssertionError(f"{constant} is no JSON")


@pytest.fixture(scope="session")
def cli() -> Callable[..., Outcome]:
    """Run a command; its arguments, and the exit code expected (None: any)."""
    return command


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Simulate, train and score; then move the folder, so that copies do not lean on it."""
    made = tmp_path_factory.mktemp("company") / "made"
    simulated = simulate(LEADS, SEED, made)
    company = Company(made)
    company.config.write_text(demo_config(".", "models") + SMALL, encoding="utf-8")
    training = company.run("train", "--json").json()
    scoring = company.run("score", "--json").json()
    moved = made.rename(made.with_name("moved"))
    return Trained(Company(moved), simulated, training, scoring)


@pytest.fixture
def company(trained: Trained, tmp_path: Path) -> Company:
    """A copy of the trained company, to change at will."""
    folder = tmp_path / "company"
    shutil.copytree(trained.company.folder, folder)
    return Company(folder)


@pytest.fixture
def untrained(trained: Trained, tmp_path: Path) -> Company:
    """A copy of the company's data and configuration without models and scores."""
    folder = tmp_path / "untrained"
    shutil.copytree(
        trained.company.folder, folder, ignore=shutil.ignore_patterns("models", "truth.parquet")
    )
    return Company(folder)


@pytest.fixture
def flat(tmp_path: Path) -> Callable[..., Company]:
    """A flat company from the text of its file and its declared profile columns."""

    def make(text: str | bytes, profile: str = "size: number", leads: str = "") -> Company:
        folder = tmp_path / "flat"
        folder.mkdir(exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode()
        (folder / "leads.csv").write_bytes(data)
        made = Company(folder)
        made.config.write_text(
            "company: Flat\nscores: models/demo/scores.duckdb\n"
            "sources:\n  leads:\n    file: leads.csv\n    order: rows\n"
            f"    profile: {{{profile}}}\n{leads}"
            "outcome: {column: won, positive: [yes], negative: [no]}\n"
            "training: {folds: 2, trees: 20, bootstrap: 50, candidates: [base_rate, logistic]}\n",
            encoding="utf-8",
        )
        return made

    return make


@pytest.fixture
def logit() -> Callable[[float], float]:
    return lambda p: math.log(p) - math.log1p(-p)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No command may find the checkout's own configuration, or write into it."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    monkeypatch.chdir(place)
    yield
    assert not list(place.rglob("*")), "a command wrote into the current folder unasked"
