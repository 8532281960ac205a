"""The histories of tests/unit/features, for the contracts that features keep."""

import importlib.util
import sys
from pathlib import Path

_FILE = Path(__file__).parents[1] / "unit" / "features" / "conftest.py"
_spec = importlib.util.spec_from_file_location("feature_histories", _FILE)
assert _spec is not None
assert _spec.loader is not None
_histories = importlib.util.module_from_spec(_spec)
sys.modules["feature_histories"] = _histories  # dataclasses look their module up by name
_spec.loader.exec_module(_histories)

history = _histories.history
random_history = _histories._random_history
day = _histories._day
