"""`demo`: a simulated company, from nothing to scores with reasons."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.config import load_config
from predictive_scoring.runs.results import DemoResult
from predictive_scoring.runs.score import score
from predictive_scoring.runs.train import train

if TYPE_CHECKING:
    from predictive_scoring.runs.wiring import Progress

DEFAULT_OUT, DEFAULT_CONFIG = Path("demo"), Path("configs/demo.yaml")


def demo(leads: int, seed: int, out: Path, *, data_only: bool, progress: Progress) -> DemoResult:
    """Simulate the company into ``out``; unless ``data_only``, train on it and score its leads.

    In a checkout, the default folder goes with ``configs/demo.yaml``; any other folder gets a
    configuration of its own beside the data.
    """
    from predictive_scoring import demo as company

    simulated = company.simulate(leads, seed, out, progress)
    config_file = _config_file(out)
    default = config_file == DEFAULT_CONFIG
    result = DemoResult(simulated.leads, seed, str(out), str(config_file), default, None, None)
    if data_only:
        return result
    config = load_config(config_file)
    trained = train(config, progress)
    return replace(result, training=trained, scoring=score(config, None, progress))


def demo_config(data: str, models: str) -> str:
    """Give the demo company's configuration for a folder of data and one of models."""
    template = files("predictive_scoring.demo").joinpath("company.yaml").read_text("utf-8")
    return template.format(data=data, models=models)


def _config_file(out: Path) -> Path:
    if out == DEFAULT_OUT and DEFAULT_CONFIG.exists():
        return DEFAULT_CONFIG
    file = out / "predictive-scoring.yaml"
    file.write_text(demo_config(".", "models"), encoding="utf-8")
    return file
