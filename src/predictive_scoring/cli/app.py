"""The commands. Each imports what it needs when it is called: ``--help`` must be instant."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from predictive_scoring import __version__
from predictive_scoring.cli import contract
from predictive_scoring.cli.options import DEFAULT_CONFIG, ConfigFile, Json, Lang, Quiet
from predictive_scoring.cli.screen import Screen
from predictive_scoring.errors import PredictiveScoringError

app = typer.Typer(
    name="predictive-scoring",
    help="Calibrated lead scores with their reasons, learned from a company's own history.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 a finding, 2 wrong use or configuration, 3 data unusable.",
)
models_app = typer.Typer(
    help="List the registered models, promote one to champion, or go back to the one before.",
    no_args_is_help=True,
)
app.add_typer(models_app, name="models")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"predictive-scoring {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder of CSV or Parquet files, or one file.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The configuration file to write.")
    ] = Path("predictive-scoring.yaml"),
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the file if it exists.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at a company's files and propose a configuration, with comments."""
    from predictive_scoring.runs.init import init as run

    with Screen(json, quiet=True) as screen:
        screen.show(run(folder, out, force=force))


@app.command()
def check(config: ConfigFile = DEFAULT_CONFIG, json: Json = False, quiet: Quiet = False) -> None:
    """Tell everything that is wrong with the configuration and the data. Changes nothing."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.check import check as run

    with Screen(json, quiet) as screen:
        screen.show(run(load_config(config), screen.progress))


@app.command()
def train(config: ConfigFile = DEFAULT_CONFIG, json: Json = False, quiet: Quiet = False) -> None:
    """Learn from the history, evaluate on its newest part, register the model."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.train import train as run

    with Screen(json, quiet) as screen:
        screen.show(run(load_config(config), screen.progress))


@app.command()
def score(
    config: ConfigFile = DEFAULT_CONFIG,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="T",
            help="Score as of this instant (2026-10-31 or 2026-10-31T18:00:00+01:00); "
            "default: the end of the extract.",
        ),
    ] = None,
    parquet: Annotated[
        Path | None, typer.Option("--parquet", metavar="FILE", help="Write the scores there too.")
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="FILE", help="Write to this score store instead."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace scores of a later as-of by older ones.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Score every open lead with the champion and write scores and reasons to the store."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.score import score as run

    with Screen(json, quiet) as screen:
        settings = load_config(config)
        if store is not None:
            settings = settings.model_copy(update={"scores": str(store.resolve())})
        instant = _instant(as_of, settings.time_zone)
        screen.show(run(settings, instant, screen.progress, parquet=parquet, force=force))


@app.command()
def explain(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="The lead's identifier.")],
    config: ConfigFile = DEFAULT_CONFIG,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Print one lead's score as a waterfall of its reasons."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.explain import explain as run

    with Screen(json, quiet=True) as screen:
        screen.show(run(load_config(config), lead, lang))


app.command("thresholds")(contract.thresholds)
app.command("nurture")(contract.nurture)
app.add_typer(contract.sla_app, name="sla")


@models_app.command("list")
def models_list(config: ConfigFile = DEFAULT_CONFIG, json: Json = False) -> None:
    """List the registered versions with their figures and who promoted what and why."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.models import list_models as run

    with Screen(json, quiet=True) as screen:
        screen.show(run(load_config(config)))


@models_app.command("promote")
def models_promote(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The version to promote.")],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    config: ConfigFile = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Make a version the champion: from the next run on it scores the leads."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.models import promote as run

    with Screen(json, quiet=True) as screen:
        screen.show(run(load_config(config), version, by, reason))


@models_app.command("rollback")
def models_rollback(
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    config: ConfigFile = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Make the previous champion the champion again."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.models import rollback as run

    with Screen(json, quiet=True) as screen:
        screen.show(run(load_config(config), by, reason))


@app.command()
def demo(
    leads: Annotated[
        int, typer.Option("--leads", min=1, help="How many leads to simulate.")
    ] = 20_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The simulation's seed.")] = 1,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="The folder for the company's files.")
    ] = Path("demo"),
    data_only: Annotated[
        bool, typer.Option("--data-only", help="Simulate only; train and score nothing.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a company whose true probabilities are known; train on it and score its leads."""
    from predictive_scoring.runs.demo import demo as run

    with Screen(json, quiet) as screen:
        screen.show(run(leads, seed, out, data_only=data_only, progress=screen.progress))


def main() -> NoReturn:
    """Run the command line; errors of ours become a message and their exit code."""
    try:
        app()
    except PredictiveScoringError as error:
        Screen(json="--json" in sys.argv, quiet=True).fail(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("interrupted: nothing was left half-written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(0)


def _instant(text: str | None, zone: str | None) -> datetime | None:
    if text is None:
        return None
    from predictive_scoring.runs.instants import read_instant

    return read_instant(text, zone)
