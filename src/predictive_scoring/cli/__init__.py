"""The command line: commands, their flags, and how errors become exit codes."""

from predictive_scoring.cli.app import app, main

__all__ = ["app", "main"]
