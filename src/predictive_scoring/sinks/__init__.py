"""Where scores go: the score store (one DuckDB file) and its exports."""

from predictive_scoring.sinks.export import export_csv, export_parquet
from predictive_scoring.sinks.opening import open_reader, open_writer
from predictive_scoring.sinks.reading import (
    already_handed_over,
    current_as_of,
    current_mqls,
    handovers,
    run_already_stored,
)
from predictive_scoring.sinks.spreadsheet import guard
from predictive_scoring.sinks.store import ScoreWriter, writing
from predictive_scoring.sinks.table_csv import table_csv

__all__ = [
    "ScoreWriter",
    "already_handed_over",
    "current_as_of",
    "current_mqls",
    "export_csv",
    "export_parquet",
    "guard",
    "handovers",
    "open_reader",
    "open_writer",
    "run_already_stored",
    "table_csv",
    "writing",
]
