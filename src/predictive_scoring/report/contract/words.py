"""How the pages of the contract write figures, days and names, in the reader's language."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_currency

from predictive_scoring.language import Labels, Language, load
from predictive_scoring.records import Note, Unit

NARROW = "\N{NARROW NO-BREAK SPACE}"
UNKNOWN = "\N{EN DASH}"
_ISOLATED = ("\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}")
_STEERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_RIGHT_TO_LEFT = {"R", "AL"}


def N_(text: str) -> str:  # noqa: N802 - gettext's name for a text translated elsewhere
    """Mark a text for the catalogue."""
    return text


_KNOWN = (
    N_("activities"), N_("campaign"), N_("channel"), N_("company size"), N_("country"),
    N_("employees"), N_("industry"), N_("job function"), N_("language"), N_("market"),
    N_("owner"), N_("region"), N_("revenue"), N_("seniority"), N_("source"), N_("team"),
    N_("topic"), N_("call"), N_("download"), N_("form"), N_("mail"), N_("mail click"),
    N_("mail open"), N_("meeting"), N_("visit"), N_("webinar"),
)  # fmt: skip
"""Names of columns and dimensions that most companies have."""


@dataclass(frozen=True)
class Words:
    """One language's way of writing; make it with ``words``."""

    language: Language

    def say(self, message: str, **values: str) -> str:
        """The message in this language, with its places filled."""
        return self.language.say(message, **values)

    def count(self, one: str, many: str, n: float, **values: str) -> str:
        """The plural form for ``n``."""
        return self.language.count(one, many, n, **values)

    def percent(self, share: float, beside: float | None = None) -> str:
        """A share in percent: one decimal below 10 and where it would look like ``beside``."""
        if not math.isfinite(share):
            return UNKNOWN
        hundredth = 100 * share
        alike = beside is not None and round(hundredth) == round(100 * beside)
        fine = abs(hundredth) < 9.95 or (alike and share != beside)
        rounded = round(hundredth, 1 if fine else 0)
        almost_all = rounded >= 100 > hundredth
        return f"{self.language.number(99.9 if almost_all else rounded)}{NARROW}%"

    def promised(self, share: float) -> str:
        """A promised share, as it was declared."""
        return f"{self.language.number(100 * share)}{NARROW}%"

    def between(self, low: float, high: float) -> str:
        """An interval of shares."""
        if not math.isfinite(low):
            return UNKNOWN
        return self.say("%(low)s to %(high)s", low=self.percent(low), high=self.percent(high))

    def number(self, x: float, sign: bool = False) -> str:
        """A number: whole from 10 on, with one decimal below; an en dash where it is not known."""
        if not math.isfinite(x):
            return UNKNOWN
        return self.language.number(round(x, 0 if abs(x) >= 10 else 1), sign)

    def volume(self, volume: float, unit: Unit) -> str:
        """So many MQLs a month, or such a share of the leads."""
        if unit == "share":
            return self.say("%(share)s of the leads", share=self.percent(volume))
        return self.count("%(n)s MQL a month", "%(n)s MQLs a month", float(_rough(volume)))

    def amount(self, volume: float, unit: Unit) -> str:
        """A volume without its unit."""
        return self.percent(volume) if unit == "share" else self.number(volume)

    def money(self, amount: float, currency: str) -> str:
        """An amount without its cents."""
        pattern = self.language.locale.currency_formats["standard"].pattern.replace(".00", "")
        text: str = format_currency(
            round(amount), currency, pattern, self.language.locale, currency_digits=False
        )
        return text.replace("-", "\N{MINUS SIGN}")

    def hours(self, hours: float) -> str:
        """A delay in hours, in minutes below one."""
        if not math.isfinite(hours):
            return UNKNOWN
        if 0 < hours < 1:
            return f"{self.language.number(max(round(hours * 60), 1))}{NARROW}min"
        return f"{self.number(hours)}{NARROW}h"

    def days(self, days: float) -> str:
        """A time in days."""
        if not math.isfinite(days):
            return UNKNOWN
        return self.count("%(n)s day", "%(n)s days", float(_rough(days)))

    def day(self, day: date) -> str:
        """A date in full."""
        text: str = format_date(day, "d MMMM y", locale=self.language.locale)
        first = self.language.code == "fr" and day.day == 1
        return text.replace("1 ", "1er ", 1) if first else text

    def month(self, day: date, short: bool = False) -> str:
        """A month and its year."""
        pattern = "MMM yy" if short else "MMMM y"
        text: str = format_date(day, pattern, locale=self.language.locale)
        return text

    def instant(self, at: datetime | None) -> str:
        """A day and time in UTC, which the table's head says."""
        if at is None:
            return UNKNOWN
        text: str = format_datetime(at, "d MMM y HH:mm", locale=self.language.locale)
        return text

    def name(self, column: str) -> str:
        """A column, event type, dimension or the like, as the company calls it."""
        own = self.language.label(column)
        return own or self.text(self.plain(column.replace("_", " ")))

    def value(self, column: str, value: str) -> str:
        """A value of a column; a market that is a country's code is called by its name."""
        own = self.language.label(column, value)
        country = self.language.territory(value) if column in ("market", "country") else None
        return own or country or self.plain(value) or self.say("(none)")

    def own(self, text: str) -> str:
        """A text of the configuration, as the company says it in this language."""
        return self.language.label(text) or self.plain(text)

    def market(self, market: str) -> str:
        """A market's name; "" is all of them."""
        return self.value("market", market) if market else self.say("all markets")

    def listed(self, names: Sequence[str]) -> str:
        """A, b and c."""
        text: str = format_list(list(names), "standard", locale=self.language.locale)
        return text

    def either(self, names: Sequence[str]) -> str:
        """A, b or c."""
        text: str = format_list(list(names), "or", locale=self.language.locale)
        return text

    def apart(self, texts: Sequence[str]) -> str:
        """Texts with this language's semicolon between them."""
        return self.say("; ").join(texts)

    def day_of(self, version: str) -> str:
        """The day from which a version of the contract holds (ISO), in full."""
        return self.day(date.fromisoformat(version))

    def quoted(self, text: str) -> str:
        """Somebody else's text between this language's quotation marks."""
        return self.say("“%(text)s”", text=self.plain(text))

    def plain(self, text: str) -> str:
        """Somebody else's text on one line, kept from turning the direction of the words around."""
        seen = "".join(
            " " if c.isspace() else c
            for c in text
            if (c.isprintable() or c.isspace()) and unicodedata.bidirectional(c) not in _STEERING
        )
        if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in seen):
            return seen.join(_ISOLATED)
        return seen

    def note(self, note: str) -> str:
        """What another stage says with its figures; a ``Note`` in this language."""
        if not isinstance(note, Note):
            return self.plain(note)
        values = {
            key: self.language.number(value) if isinstance(value, int) else self.plain(value)
            for key, value in note.values.items()
        }
        return self.say(note.message, **values)

    def text(self, message: str) -> str:
        """A text of another stage: translated where the catalogue has it, else as it is."""
        return self.language.catalogue.gettext(message) if message else ""


def words(lang: str, labels: Labels | None = None) -> Words:
    """The words of a language ("en", "fr"); raises UsageError for one without a catalogue."""
    return Words(load("predictive_scoring.report", "contract", lang, labels))


def _rough(x: float) -> float:
    return round(x, 0 if abs(x) >= 10 else 1)
