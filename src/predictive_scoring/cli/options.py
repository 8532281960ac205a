"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_CONFIG = Path("configs/demo.yaml")

ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", help="The company's configuration file.", metavar="FILE")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the result.")]
Lang = Annotated[str, typer.Option("--lang", "-l", help="en or fr.")]
