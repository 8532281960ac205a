"""A language to write in: a gettext catalogue, plural forms, numbers, dates and names."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from math import isfinite
from typing import Any

from babel import Locale
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from predictive_scoring.errors import UsageError

LANGUAGES = ("en", "fr")

_GROUPED_FROM = 10_000  # 1987 and 1200 stand as they are, as years and small counts do
_ROUND_FROM = 1e15
_MINUS = "\N{MINUS SIGN}"

Labels = Mapping[Any, Mapping[str, str]]  # Any: a configuration's keys are literals, not str
"""A company's own words by language: a name, or ``name=value``, to what it is called."""


@dataclass(frozen=True)
class Language:
    """Translations and locale of one language, with a company's own words for its own names.

    Make one with ``load``.
    """

    code: str
    locale: Locale
    catalogue: gettext.NullTranslations
    own: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str, value: str | None = None) -> str | None:
        """What the company calls a name, or a value of it; None where it does not say."""
        if value is None:
            return self.own.get(name)
        return self.own.get(f"{name}={value}", self.own.get(value))

    def say(self, message: str, **values: str) -> str:
        """The message in this language, with its ``%(name)s`` places filled."""
        return self.catalogue.gettext(message) % values

    def count(self, one: str, many: str, n: float, **values: str) -> str:
        """The plural form for ``n``, with ``%(n)s`` and the other places filled."""
        form = self.catalogue.ngettext(one, many, self._plural(abs(n)))
        return form % {"n": self.number(n), **values}

    def number(self, x: float, sign: bool = False) -> str:
        """At most two decimals; thousands apart from 10,000 on; the true minus sign."""
        if not isfinite(x):
            return f"{_MINUS}∞" if x < 0 else "∞"
        size = abs(x)
        if size >= _ROUND_FROM:
            text = f"{size:.6g}"
        else:
            text = f"{size:{',' if size >= _GROUPED_FROM else ''}.2f}".rstrip("0").rstrip(".")
        prefix = _MINUS if x < 0 and text != "0" else "+" if sign else ""
        return prefix + self._localised(text)

    def fixed(self, x: float, sign: bool = False) -> str:
        """A finite number with two decimals, also where they are zero."""
        text = f"{abs(x):.2f}"
        prefix = _MINUS if x < 0 and float(text) else "+" if sign else ""
        return prefix + self._localised(text)

    def instant(self, at: datetime) -> str:
        """A day and time, taken to be UTC."""
        return f"{format_datetime(at, 'd MMMM y HH:mm', locale=self.locale)} UTC"

    def territory(self, code: str) -> str | None:
        """A country's name by its ISO 3166 code; None when there is none of that code."""
        return self.locale.territories.get(code) if len(code) == 2 and code.isupper() else None

    def tongue(self, code: str) -> str | None:
        """A language's name by its ISO 639 code; None when there is none of that code."""
        return self.locale.languages.get(code)

    def month(self, number: int) -> str | None:
        """The month's name, 1 = January; None outside 1 to 12."""
        names: dict[int, str] = self.locale.months["stand-alone"]["wide"]
        return names.get(number)

    def weekday(self, number: int) -> str | None:
        """The day's name, 1 = Monday to 7 = Sunday (0 as well); None outside."""
        names: dict[int, str] = self.locale.days["stand-alone"]["wide"]
        return names[(number - 1) % 7] if 0 <= number <= 7 else None

    def _localised(self, text: str) -> str:
        symbols = self.locale.number_symbols["latn"]
        return text.translate({ord(","): symbols["group"], ord("."): symbols["decimal"]})

    def _plural(self, n: float) -> int:
        if n == int(n):
            return int(n)
        return 1 if self.locale.plural_form(n) == "one" else 2


def load(package: str, domain: str, code: str, labels: Labels | None = None) -> Language:
    """The language of that code, by the catalogue ``domain`` of a package's ``locale`` folder.

    The company's labels in that language come with it. Raises UsageError when there is no
    catalogue for the language.
    """
    own = (labels or {}).get(code)
    found = _load(package, domain, code)
    return replace(found, own=own) if own else found


def require(code: str) -> None:
    """Raise UsageError for a language that nothing is written in."""
    if code not in LANGUAGES:
        raise UsageError(
            f"nothing is written in the language {code!r}", f"one of {', '.join(LANGUAGES)}"
        )


@lru_cache
def _load(package: str, domain: str, code: str) -> Language:
    require(code)
    file = files(package) / "locale" / code / "LC_MESSAGES" / f"{domain}.po"
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, Locale.parse(code), gettext.GNUTranslations(compiled))
