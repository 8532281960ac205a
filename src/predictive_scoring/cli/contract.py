"""The commands of the contract: thresholds, the ledger, the document, nurturing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from predictive_scoring.cli.options import DEFAULT_CONFIG, ConfigFile, Json, Lang, Quiet
from predictive_scoring.cli.screen import Screen

sla_app = typer.Typer(no_args_is_help=False)


def thresholds(
    config: ConfigFile = DEFAULT_CONFIG,
    rate: Annotated[
        float | None,
        typer.Option("--rate", metavar="SHARE", help="Try another rate of MQLs becoming SQLs."),
    ] = None,
    volume: Annotated[
        float | None,
        typer.Option("--volume", metavar="NUMBER", help="Try another number of MQLs a month."),
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option("--confidence", metavar="SHARE", help="Try another confidence (0.9)."),
    ] = None,
    capacity: Annotated[
        float | None,
        typer.Option("--capacity", metavar="NUMBER", help="What the best so many a week give."),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", metavar="VERSION", help="A version, champion or challenger.")
    ] = "champion",
    register: Annotated[
        bool,
        typer.Option("--register", help="Register the model with these thresholds anew."),
    ] = False,
    lang: Lang = "en",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the lowest threshold that keeps the contract, or which contract could be kept."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.thresholds import WhatIf
    from predictive_scoring.runs.thresholds import thresholds as run

    with Screen(json, quiet) as screen:
        tried = WhatIf(rate, confidence, volume)
        settings = load_config(config)
        screen.show(run(settings, model, tried, capacity, lang, screen.progress, register=register))


@sla_app.callback(invoke_without_command=True)
def sla(
    context: typer.Context,
    config: ConfigFile = DEFAULT_CONFIG,
    month: Annotated[
        str | None, typer.Option("--month", metavar="M", help="Such as 2026-09; default: the last.")
    ] = None,
    quarter: Annotated[
        str | None, typer.Option("--quarter", metavar="Q", help="Such as 2026-Q3.")
    ] = None,
    year: Annotated[str | None, typer.Option("--year", metavar="Y", help="Such as 2026.")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="From this day on (2026-09-01).")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Until this day, included.")
    ] = None,
    market: Annotated[str | None, typer.Option("--market", help="This market only.")] = None,
    team: Annotated[str | None, typer.Option("--team", help="This team only.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="This source only.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="This owner's leads only.")] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="NAMES",
            help="What each effort led to, such as source,campaign,market.",
        ),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="DIR", help="Write the tables as CSV there.")
    ] = None,
    lang: Lang = "en",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Set what was promised beside what happened, on both sides, month by month."""
    if context.invoked_subcommand is not None:
        return
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.sla import Period
    from predictive_scoring.runs.sla import sla as run

    with Screen(json, quiet) as screen:
        scope = {"market": market, "team": team, "source": source, "owner": owner}
        names = tuple(name.strip() for name in (by or "").split(",") if name.strip())
        period = Period(month, quarter, year, since, until)
        settings = load_config(config)
        screen.show(run(settings, period, scope, names, lang, csv, screen.progress))


@sla_app.command("document")
def sla_document(
    config: ConfigFile = DEFAULT_CONFIG,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DAY", help="As it holds on this day; default: the newest."),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write Markdown in place of HTML.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")
    ] = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Write the contract as one page that marketing and sales sign."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.instants import read_day
    from predictive_scoring.runs.sla import document as run

    with Screen(json, quiet=True) as screen:
        form: Literal["html", "markdown"] = "markdown" if markdown else "html"
        screen.show(run(load_config(config), read_day(on), form, lang, out))


def nurture(
    config: ConfigFile = DEFAULT_CONFIG,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write a row for each lead there.")
    ] = None,
    lang: Lang = "en",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Propose a track and the next best action for each lead below the threshold."""
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.nurture import nurture as run

    with Screen(json, quiet) as screen:
        screen.show(run(load_config(config), lang, csv, screen.progress))
