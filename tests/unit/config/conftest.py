from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from predictive_scoring.config import Config, load_config
from predictive_scoring.errors import ConfigError, Problem

FLAT = """
company: Flat
sources:
  leads: {file: leads.csv, order: rows, profile: {size: number}}
outcome: {column: won, positive: [yes], negative: [no]}
"""
RELATIONAL = """
company: Relational
time_zone: Europe/Paris
sources:
  leads: {file: leads.csv, lead_id: id, created_at: created}
  stages: {file: stages.csv, lead_id: id, stage: stage, entered_at: since}
"""


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Config]:
    """Load a configuration from its text."""

    def run(text: str) -> Config:
        file = tmp_path / "company.yaml"
        file.write_text(text, encoding="utf-8")
        return load_config(file)

    return run


@pytest.fixture
def problems(load: Callable[[str], Config]) -> Callable[[str], dict[str, Problem]]:
    """The problems of a text that is refused, by key."""

    def run(text: str) -> dict[str, Problem]:
        with pytest.raises(ConfigError) as refused:
            load(text)
        assert refused.value.exit_code == 2
        found = {problem.key: problem for problem in refused.value.problems}
        assert len(found) == len(refused.value.problems)
        return found

    return run


@pytest.fixture
def changed() -> Callable[..., str]:
    """The text of a flat or relational configuration with one section's keys set."""

    def run(section: str, relational: bool = False, **keys: Any) -> str:
        whole = yaml.safe_load((RELATIONAL if relational else FLAT).replace("yes", "'yes'"))
        if not relational:
            whole["outcome"] |= {"positive": ["yes"], "negative": ["no"]}
        place = whole
        for name in filter(None, section.split(".")):
            place = place.setdefault(name, {})
        place |= keys
        text: str = yaml.safe_dump(whole)
        return text

    return run


@pytest.fixture
def flat() -> str:
    return FLAT


@pytest.fixture
def relational() -> str:
    return RELATIONAL
