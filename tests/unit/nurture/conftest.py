"""The histories of tests/unit/features, for nurturing, with every column declared."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from predictive_scoring.config import Config

_FILE = Path(__file__).parents[1] / "features" / "conftest.py"
_spec = importlib.util.spec_from_file_location("nurture_histories", _FILE)
assert _spec is not None
assert _spec.loader is not None
_histories = importlib.util.module_from_spec(_spec)
sys.modules["nurture_histories"] = _histories  # dataclasses look their module up by name
_spec.loader.exec_module(_histories)

history = _histories.history
day = _histories._day

_EVENTS = {"channel": "channel", "campaign": "campaign", "topic": "topic", "value": "value"}
_LEADS = {"market": "market", "language": "language"}


@pytest.fixture(scope="session")
def configured() -> Callable[..., Config]:
    """The configuration of a history: ``configured(history, **sections)``."""

    def configure(company: Any, **sections: Any) -> Config:
        given = {name: {**_histories.FILE, **of} for name, of in _histories.SOURCES.items()}
        given = {name: of for name, of in given.items() if name in company.declared}
        given["leads"] |= {**_LEADS, "profile": company.profile}
        if "events" in given:
            given["events"] |= _EVENTS
        flat = {"positive": ["yes"], "negative": ["no"], "column": "became"}
        outcome = {} if "stages" in given else {"outcome": flat}
        return Config.model_validate({"company": "x", "sources": given, **outcome, **sections})

    return configure
