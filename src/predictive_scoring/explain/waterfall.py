"""One lead's score on a terminal: from the base through groups and reasons to the probability."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from predictive_scoring.explain.contributions import probability
from predictive_scoring.explain.groups import group_names, group_sums
from predictive_scoring.explain.language import Labels, Language, language
from predictive_scoring.explain.names import GROUPS
from predictive_scoring.explain.phrases import category, phrase, plain
from predictive_scoring.explain.reasons import reasons_of_row, top_reasons
from predictive_scoring.explain.sentences import effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from predictive_scoring.records import Contributions, FeatureColumn, FloatArray

_BAR = 6  # characters on either side for the strongest effect


@dataclass(frozen=True)
class Heading:
    """What stands above a score; what is None or "" is left out.

    ``as_of`` is UTC; ``percentile`` is the percentage of the run's leads that are scored lower.
    """

    market: str | None = None
    as_of: datetime | None = None
    model_version: str = ""
    percentile: float | None = None


def waterfall(
    contributions: Contributions,
    columns: Sequence[FeatureColumn],
    observed: pa.Table,
    lead_id: str,
    lang: str = "en",
    count: int = 10,
    heading: Heading | None = None,
    labels: Labels | None = None,
) -> RenderableType:
    """A heading and a table of one lead's score; parts in log-odds, both ends as shares too.

    ``contributions`` and ``observed`` (from ``observed_table``) have one row; ``labels`` are the
    company's own words by language. First the groups, which lead from the base to the
    probability, then the same score by its ``count`` strongest reasons; what remains is one
    line. Hundredths are rounded so that either list adds up as it is written; what is 0.00 is
    left out. Raises UsageError when there is no catalogue for the language.
    """
    from rich.console import Group
    from rich.text import Text

    words = language(lang, labels)
    title = Text(_title(lead_id, heading or Heading(), words), style="bold")
    groups = group_sums(contributions, columns)[0]
    scale = max(np.abs(groups).max(initial=0.0), np.abs(contributions.values).max(initial=0.0))
    draw = _Lines(_table(words), float(scale), words)
    margin = float(contributions.log_odds[0])
    way = round(margin, 2) - round(contributions.base, 2)

    draw.end(words.say("Base"), contributions.base)
    draw.heading(words.say("By group"))
    for name, value in zip(group_names(columns), _adding_up(groups, way), strict=True):
        label = words.say(GROUPS[name])
        draw.line(label[:1].upper() + label[1:], float(value))
    draw.end(words.say("Probability"), margin)
    draw.heading(words.say("Strongest reasons (counted above)"))
    _reasons(draw, contributions, columns, observed, count, way)
    return Group(title, draw.table)


def _reasons(
    draw: _Lines,
    contributions: Contributions,
    columns: Sequence[FeatureColumn],
    observed: pa.Table,
    count: int,
    way: float,
) -> None:
    words, top = draw.words, top_reasons(contributions, count)
    rest = contributions.values[0].sum() - top.contribution.sum()
    parts = np.array([*top.contribution, round(float(rest), 9)])  # no part is left: exactly 0
    *listed, others = _adding_up(parts, way).tolist()
    for reason, value in zip(reasons_of_row(top, 0, observed, columns), listed, strict=True):
        text = phrase(reason.column, reason.observed, words)
        draw.line(text, value, effect(reason.points, words))
    draw.line(words.say("All other reasons"), others)


@dataclass(frozen=True)
class _Lines:
    """Lines of one table; ``scale`` is the log-odds of the longest bar."""

    table: Table
    scale: float
    words: Language

    def heading(self, text: str) -> None:
        self.table.add_section()
        self.table.add_row(_bold(text), "", "", "")

    def end(self, label: str, log_odds: float) -> None:
        """Write where the way begins or ends: as log-odds and as a probability."""
        self.table.add_section()
        share = self.words.fixed(100 * float(probability(np.array([log_odds]))[0]))
        percent = self.words.say("%(share)s%%", share=share)
        number = self.words.fixed(log_odds, sign=True)
        self.table.add_row(_bold(label), _bold(number), "", _bold(percent))

    def line(self, label: str, value: float, points: str = "") -> None:
        from rich.padding import Padding
        from rich.text import Text

        if not value:
            return
        # Text, not markup: a company's own words may contain square brackets.
        text = Padding(Text(label), (0, 0, 0, 2))
        self.table.add_row(text, self.words.fixed(value, sign=True), self._bar(value), points)

    def _bar(self, value: float) -> RenderableType:
        """Draw what speaks for the lead to the right, what speaks against it to the left."""
        from rich.text import Text

        length = min(_BAR, round(_BAR * abs(value) / self.scale)) if self.scale else 0
        left, right = ("", "█" * length or "▌") if value > 0 else ("▒" * length or "░", "")
        return Text.assemble((left.rjust(_BAR), "red"), ("│", "dim"), (right, "green"))


def _adding_up(values: FloatArray, total: float) -> FloatArray:
    """Round to hundredths whose sum is ``total``; those furthest from their rounding give way."""
    exact = values * 100
    whole = np.round(exact)
    missing = round(total * 100) - int(whole.sum())
    error = np.where(exact == 0, -np.inf, (exact - whole) * np.sign(missing))
    whole[np.argsort(-error, kind="stable")[: abs(missing)]] += np.sign(missing)
    return np.asarray(whole / 100)


def _title(lead_id: str, heading: Heading, words: Language) -> str:
    facts = []
    if heading.market:
        market = category("market", heading.market, words)
        facts.append(words.say("market %(market)s", market=market))
    if heading.as_of is not None:
        facts.append(words.say("as of %(instant)s", instant=words.instant(heading.as_of)))
    if heading.model_version:
        facts.append(words.say("model version %(version)s", version=heading.model_version))
    if heading.percentile is not None:
        number = words.number(heading.percentile)
        facts.append(words.say("percentile %(number)s", number=number))
    title = words.say("Score of lead %(lead)s", lead=plain(lead_id))
    return "\n".join([title, ", ".join(facts)]) if facts else title


def _table(words: Language) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(words.say("Reason"), overflow="fold")
    table.add_column(words.say("Log-odds"), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, width=2 * _BAR + 1)
    table.add_column(words.say("Effect"), justify="right", no_wrap=True)
    return table


def _bold(text: str) -> RenderableType:
    from rich.text import Text

    return Text(text, style="bold")
