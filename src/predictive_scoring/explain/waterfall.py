"""One lead's score on a terminal: from the base through groups and reasons to the probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from predictive_scoring.explain.contributions import probability
from predictive_scoring.explain.groups import group_names, group_sums
from predictive_scoring.explain.language import Language, language
from predictive_scoring.explain.names import GROUPS
from predictive_scoring.explain.phrases import phrase, plain
from predictive_scoring.explain.reasons import reasons_of_row, top_reasons
from predictive_scoring.explain.sentences import effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from predictive_scoring.records import Contributions, FeatureColumn

_BAR = 20  # characters for the strongest effect


def waterfall(
    contributions: Contributions,
    columns: Sequence[FeatureColumn],
    observed: pa.Table,
    lead_id: str,
    lang: str = "en",
    count: int = 10,
) -> RenderableType:
    """A rich table of one lead's score; contributions are log-odds, the ends probabilities.

    ``contributions`` and ``observed`` (from ``observed_table``) have one row. Lists the groups and
    the ``count`` strongest reasons; what remains is one line. Raises UsageError when there is no
    catalogue for the language.
    """
    words = language(lang)
    table = _table(lead_id, words)
    margin = float(contributions.log_odds[0])
    table.add_row(words.say("Base"), _percent(contributions.base, words), "", "")
    table.add_section()
    groups = group_sums(contributions, columns)[0]
    top = top_reasons(contributions, count)
    widest = max(np.abs(groups).max(initial=0.0), np.abs(top.contribution).max(initial=0.0))
    for name, value in zip(group_names(columns), groups, strict=True):
        label = words.say(GROUPS[name])
        _line(table, label[:1].upper() + label[1:], float(value), "", float(widest), words)
    table.add_section()
    for reason in reasons_of_row(top, 0, observed, columns):
        text = phrase(reason.column, reason.observed, words)
        points = effect(reason.points, words)
        _line(table, text, reason.contribution, points, float(widest), words)
    rest = margin - contributions.base - float(top.contribution.sum())
    if np.count_nonzero(contributions.values[0]) > len(top.contribution):
        _line(table, words.say("All other reasons"), rest, "", float(widest), words)
    table.add_section()
    table.add_row(_bold(words.say("Probability")), _bold(_percent(margin, words)), "", "")
    return table


def _table(lead_id: str, words: Language) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    title = Text(words.say("Score of lead %(lead)s", lead=plain(lead_id)))
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column(words.say("Reason"), overflow="fold")
    table.add_column(words.say("Log-odds"), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, width=_BAR)
    table.add_column(words.say("Effect"), justify="right", no_wrap=True)
    return table


def _line(
    table: Table, label: str, value: float, points: str, widest: float, words: Language
) -> None:
    from rich.text import Text

    length = round(_BAR * abs(value) / widest) if widest else 0
    bar = Text(("█" * length) or "▏", style="green" if value > 0 else "red" if value < 0 else "dim")
    # Text, not markup: a company's own words may contain square brackets.
    table.add_row(Text(label), words.number(value, sign=True), bar, points)


def _percent(log_odds: float, words: Language) -> str:
    share = 100 * float(probability(np.array([log_odds]))[0])
    return words.say("%(share)s%%", share=words.number(share))


def _bold(text: str) -> RenderableType:
    from rich.text import Text

    return Text(text, style="bold")
