"""Files and databases into canonical tables; every record loaded, quarantined or set aside."""

from predictive_scoring.sources.contract import check_columns
from predictive_scoring.sources.load import load
from predictive_scoring.sources.parts import FoundColumn
from predictive_scoring.sources.read import inspect_columns

__all__ = ["FoundColumn", "check_columns", "inspect_columns", "load"]
