"""One observed fact in words, without its effect: "3 visits in 7 days", "Industry: not known".

Phrases read only the meaning of a column (measure, source, dimension, value, window), never how
its name is built, except as the label of a profile column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import floor, isfinite

from predictive_scoring.explain.contributions import MARKET_OFFSET
from predictive_scoring.explain.language import Language
from predictive_scoring.explain.names import CATEGORIES, DIMENSIONS, LABELS
from predictive_scoring.explain.subjects import COLLEAGUES, Subject, subject_of
from predictive_scoring.model import OTHER
from predictive_scoring.records import FeatureColumn, Measure

Observed = float | str | bool | None
"""A value as the lead has it; None when missing."""

_LONGEST = 60


def phrase(column: FeatureColumn, value: Observed, words: Language) -> str:
    """The fact behind one contribution, beginning with a capital; never empty."""
    text = _MEASURES[column.measure](column, value, words)
    return text[:1].upper() + text[1:]


def plain(text: str) -> str:
    """A company's own text, fit for one line: no control characters, at most 60 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _profile(column: FeatureColumn, value: Observed, words: Language) -> str:
    if column == MARKET_OFFSET:
        market = words.say("not known") if value is None else category("market", value, words)
        return words.say("base level of the market: %(value)s", value=market)
    name = _profile_name(column)
    label = _label(name, words)
    if value is None:
        text = words.say("not known")
    elif column.kind == "flag":
        text = words.say("yes") if value else words.say("no")
    elif isinstance(value, str):
        text = category("market" if column.group == "market" else name, value, words)
    else:
        text = words.number(value)
    return words.say("%(label)s: %(value)s", label=label, value=text)


def _profile_name(column: FeatureColumn) -> str:
    name = column.dimension or column.value or column.name
    return name.removeprefix("profile_")


def _label(name: str, words: Language) -> str:
    if (own := words.label(name)) is not None:
        return plain(own)
    return words.say(LABELS[name]) if name in LABELS else plain(name.replace("_", " "))


def category(name: str, value: Observed, words: Language) -> str:
    """A category's value in words: the company's own, a name known here, or as written."""
    text = str(value)
    if (own := words.label(name, text)) is not None:
        return plain(own)
    if text == OTHER:
        return words.say("another value, rare so far")
    if text in (known := CATEGORIES.get(name, {})):
        return words.say(known[text])
    if name in ("country", "market"):
        return words.territory(text) or plain(text)
    if name == "language":
        return words.tongue(text) or plain(text)
    return plain(text)


def _count(column: FeatureColumn, value: Observed, words: Language) -> str:
    subject, name = _subject(column, words)
    n = _number(value)
    if n is None:
        return _unknown(_within(words.say(subject.plural, name=name), column.window, words), words)
    what = words.count(*subject.counted, n, name=name) if n else words.say(subject.none, name=name)
    return _within(what, column.window, words)


def _days(column: FeatureColumn, value: Observed, words: Language) -> str:
    n, what, days = _number(value), _plural(column, words), words.number(column.window)
    if n is None:
        of = words.say("days with %(what)s", what=what)
        return _unknown(_within(of, column.window, words), words)
    if not n and not column.window:
        return words.say("%(what)s on no day so far", what=what)
    if not n:
        return words.say("%(what)s on none of the last %(days)s days", what=what, days=days)
    if not column.window:
        return words.count("%(what)s on %(n)s day", "%(what)s on %(n)s days", n, what=what)
    return words.say(
        "%(what)s on %(n)s of the last %(days)s days", what=what, n=words.number(n), days=days
    )


def _recency(column: FeatureColumn, value: Observed, words: Language) -> str:
    subject, name = _subject(column, words)
    n = _number(value)
    if n is not None:
        return words.say(subject.last, name=name, ago=_ago(n, words))
    never = words.say("%(what)s: never", what=_plural(column, words))
    return _within(never, column.window, words) if column.window else never


def _trend(column: FeatureColumn, value: Observed, words: Language) -> str:
    what = _plural(column, words)
    n, days = _number(value), words.number(column.window)
    if n is None:
        of = words.say("trend of %(what)s", what=what)
        return _unknown(_within(of, column.window, words), words)
    if n == 0:
        return words.say(
            "%(what)s steady: as many as in the %(days)s days before", what=what, days=days
        )
    more = words.number(abs(n))
    if n > 0:
        return words.say(
            "%(what)s rising: %(n)s more than in the %(days)s days before",
            what=what,
            n=more,
            days=days,
        )
    return words.say(
        "%(what)s falling: %(n)s fewer than in the %(days)s days before",
        what=what,
        n=more,
        days=days,
    )


def _value(column: FeatureColumn, value: Observed, words: Language) -> str:
    what, n = _plural(column, words), _number(value)
    if n is None:
        return words.say("value of %(what)s: not known", what=_within(what, column.window, words))
    total = words.say("value of %(what)s: %(total)s", what=what, total=words.number(n))
    return _within(total, column.window, words)


def _age(_: FeatureColumn, value: Observed, words: Language) -> str:
    n = _number(value)
    if n is None:
        return words.say("date of first contact: not known")
    if n < 1:
        return words.say("known for less than a day")
    return words.count("known for %(n)s day", "known for %(n)s days", floor(n))


def _calendar(column: FeatureColumn, value: Observed, words: Language) -> str:
    weekday = any("day" in text for text in (column.dimension, column.value, column.name))
    label = words.say("day of the week") if weekday else words.say("month")
    if value is None:
        return _unknown(label, words)
    n = _number(value)
    if n is None:
        name: str | None = plain(str(value))
    else:
        name = (words.weekday(int(n)) if weekday else words.month(int(n))) or words.number(n)
    return words.say("%(label)s: %(value)s", label=label, value=name or "")


_ACCOUNT_VALUE = re.compile(r"(?P<what>.*?)(?:_(?P<days>\d+)d)?")


def _account(column: FeatureColumn, value: Observed, words: Language) -> str:
    what, suffix = _ACCOUNT_VALUE.fullmatch(plain(column.value)).group("what", "days")  # type: ignore[union-attr]  # matches any line
    days, n = column.window or int(suffix or 0), _number(value)
    if what == "recency" and n is not None:
        return words.say(
            "last interaction by others at the same company %(ago)s", ago=_ago(n, words)
        )
    if what == "recency":  # there is none, or the lead has no account
        return words.say("no known interaction by others at the same company")
    if what not in COLLEAGUES:
        label = plain((column.value or column.name).replace("_", " "))
        known = words.say("company not known") if n is None else words.number(n)
        return words.say("account: %(name)s = %(value)s", name=label, value=known)
    if n is None:
        plural = words.say(COLLEAGUES[what].plural)
        label = _within(plural, days, words) if days else plural
        return words.say("%(label)s: %(value)s", label=label, value=words.say("company not known"))
    counted, none = COLLEAGUES[what].counted, COLLEAGUES[what].none
    text = words.count(*counted, n) if n else words.say(none)
    return _within(text, days, words) if days else text


_MEASURES: Mapping[Measure, Callable[[FeatureColumn, Observed, Language], str]] = {
    "profile": _profile,
    "count": _count,
    "days": _days,
    "recency": _recency,
    "trend": _trend,
    "value": _value,
    "age": _age,
    "calendar": _calendar,
    "account": _account,
}


def _within(what: str, window: int, words: Language) -> str:
    if not window:
        return words.say("%(what)s so far", what=what)
    return words.count("%(what)s in %(n)s day", "%(what)s in %(n)s days", window, what=what)


def _ago(days: float, words: Language) -> str:
    if days < 1:
        return words.say("less than a day ago")
    return words.count("%(n)s day ago", "%(n)s days ago", floor(days))


def _unknown(what: str, words: Language) -> str:
    return words.say("%(label)s: %(value)s", label=what, value=words.say("not known"))


def _subject(column: FeatureColumn, words: Language) -> tuple[Subject, str]:
    """What is counted, and the name of the dimension's value within it."""
    own = words.label(column.dimension, column.value) if column.value else None
    if own is not None:
        return subject_of(column, labelled=True), plain(own)
    known = DIMENSIONS.get(column.dimension, {})
    name = words.say(known[column.value]) if column.value in known else plain(column.value)
    return subject_of(column), name


def _plural(column: FeatureColumn, words: Language) -> str:
    subject, name = _subject(column, words)
    return words.say(subject.plural, name=name)


def _number(value: Observed) -> float | None:
    """The value as a finite number; None when it is missing or no such number."""
    try:
        number = float("nan") if value is None else float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None
