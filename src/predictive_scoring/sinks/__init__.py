"""Where scores go: the score store (one DuckDB file) and its exports."""

from predictive_scoring.sinks.export import export_csv, export_parquet
from predictive_scoring.sinks.opening import open_reader, open_writer
from predictive_scoring.sinks.store import ScoreWriter, run_already_stored, writing

__all__ = [
    "ScoreWriter",
    "export_csv",
    "export_parquet",
    "open_reader",
    "open_writer",
    "run_already_stored",
    "writing",
]
