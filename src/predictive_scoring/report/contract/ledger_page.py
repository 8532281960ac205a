"""The SLA ledger as one page: marketing and sales facing each other, then what lies behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from predictive_scoring.language import Labels
from predictive_scoring.records import ContractThresholds, EffortTable, Ledger
from predictive_scoring.report.contract import efforts as efforts_
from predictive_scoring.report.contract import ledger_lines, promise_lines
from predictive_scoring.report.contract.ledger_plots import ledger_figures
from predictive_scoring.report.contract.page import render
from predictive_scoring.report.contract.thresholds import thresholds_section
from predictive_scoring.report.contract.words import Words, words
from predictive_scoring.report.style import inline, svg
from predictive_scoring.report.templating import safe

if TYPE_CHECKING:
    from markupsafe import Markup


def ledger_page(
    ledger: Ledger,
    efforts: tuple[EffortTable, ...],
    thresholds: ContractThresholds | None,
    lang: str,
    labels: Labels | None = None,
) -> str:
    """Write the ledger and what each effort brought; the same arguments give the same text.

    ``labels`` are the company's own words for its values. Raises UsageError for a language that
    nothing is written in.
    """
    said = words(lang, labels)
    return render(
        "ledger.html",
        said,
        ledger=ledger,
        company=said.plain(ledger.company),
        window=_window(said, ledger),
        scope=_scope(said, ledger),
        kind=promise_lines.kind(ledger),
        statements=promise_lines.statements(said, ledger),
        sides=promise_lines.sides(said, ledger),
        groups=ledger_lines.groups(said, ledger),
        breaches=ledger_lines.breaches(said, ledger.breaches),
        escalations=ledger_lines.escalations(said, ledger.escalations),
        irregularities=ledger_lines.irregularities(said, ledger.irregularities),
        notes=tuple(said.note(note) for note in ledger.notes),
        efforts=efforts_.sections(said, efforts),
        threshold=_threshold(thresholds, lang, labels),
        plots=_plots(said, ledger, efforts),
    )


def _plots(said: Words, ledger: Ledger, efforts: Sequence[EffortTable]) -> dict[str, Markup]:
    titles = {
        "months": said.say("MQLs month by month, what became of them, and how soon sales called"),
        "delays": said.say("How many MQLs were contacted after how many hours"),
        "reasons": said.say("Why sales rejected MQLs"),
    }
    drawn = ledger_figures(ledger, said)
    for number, table in enumerate([t for t in efforts if t.efforts], start=1):
        name = f"effort-{number}"
        figure = efforts_.effort_figure(said, table)
        if figure is not None:
            drawn[name] = figure
            dimension = said.name(table.dimension)
            titles[name] = said.say("Leads that become SQLs, by %(dimension)s", dimension=dimension)
    return {name: safe(inline(svg(figure, name), titles[name])) for name, figure in drawn.items()}


def _threshold(
    thresholds: ContractThresholds | None, lang: str, labels: Labels | None
) -> Markup | None:
    if thresholds is None:
        return None
    return safe(thresholds_section(thresholds, "SQL", lang, labels))


def _window(said: Words, ledger: Ledger) -> str:
    first, last = ledger.window.first, ledger.window.last
    if (first.year, first.month) == (last.year, last.month) and first.day == 1:
        return said.month(first)
    return said.say("%(first)s to %(last)s", first=said.day(first), last=said.day(last))


def _scope(said: Words, ledger: Ledger) -> str:
    parts = [
        said.say("%(what)s: %(value)s", what=said.name(name), value=said.value(name, value))
        for name, value in ledger.window.scope.items()
    ]
    return said.apart(parts)
