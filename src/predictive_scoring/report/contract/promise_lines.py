"""Each commitment against what happened, in words: what was promised, what came, and the state."""

from __future__ import annotations

from dataclasses import dataclass

from predictive_scoring.records import Ledger, Promise
from predictive_scoring.report.contract.verdicts import Badge
from predictive_scoring.report.contract.words import UNKNOWN, Words
from predictive_scoring.report.words import Statement


@dataclass(frozen=True)
class PromiseLine:
    """One commitment; ``filled`` and ``mark`` are percent of the gauge's width.

    ``where`` is the market or the version it is about, "" for all of them; ``detail`` says of how
    many, with the interval, ``pending`` what is not decided. ``filled`` is None where nothing is
    known.
    """

    what: str
    where: str
    promised: str
    achieved: str
    detail: str
    pending: str
    badge: Badge
    filled: float | None
    mark: float


@dataclass(frozen=True)
class Side:
    """Marketing or sales: its promises for all markets, and those for single ones."""

    title: str
    lines: tuple[PromiseLine, ...]
    by_market: tuple[PromiseLine, ...]


def badge(said: Words, promise: Promise) -> Badge:
    """Kept, broken, not decided yet or without data: by word, sign and kind of colour."""
    badges = {
        "kept": Badge("good", "\N{CHECK MARK}", said.say("kept")),
        "broken": Badge("poor", "\N{BALLOT X}", said.say("broken")),
        "open": Badge("open", "…", said.say("not decided yet")),
        "no data": Badge("none", UNKNOWN, said.say("no data")),
    }
    return badges[promise.state]


def sides(said: Words, ledger: Ledger) -> tuple[Side, Side]:
    """Both sides' promises, facing each other."""
    return (
        _side(said, ledger, "marketing", said.say("Marketing promised")),
        _side(said, ledger, "sales", said.say("Sales promised")),
    )


def statements(said: Words, ledger: Ledger) -> tuple[Statement, ...]:
    """How many promises each side kept, and which ones it broke."""
    return (
        _statement(said, ledger, "marketing", said.say("Marketing")),
        _statement(said, ledger, "sales", said.say("Sales")),
    )


def kind(ledger: Ledger) -> str:
    """Tell whether anything was broken: "good" or "poor"."""
    return "poor" if any(p.state == "broken" for p in ledger.promises) else "good"


def _side(said: Words, ledger: Ledger, side: str, title: str) -> Side:
    own = [p for p in ledger.promises if p.side == side]
    whole = ledger.window.scope.get("market", "")
    return Side(
        title,
        tuple(_line(said, p, whole) for p in own if p.market == whole),
        tuple(_line(said, p, whole) for p in own if p.market != whole),
    )


def _line(said: Words, promise: Promise, whole: str) -> PromiseLine:
    rate, promised = promise.achieved, promise.promised
    if rate is None:
        achieved, detail = said.number(promise.count), ""
        share = promise.count / max(promise.count, promised, 1)
        mark = promised / max(promise.count, promised, 1)
        filled: float | None = share
    else:
        achieved = said.percent(rate.value, promised)
        detail = _detail(said, promise)
        filled, mark = (rate.value if rate.of else None), promised
    return PromiseLine(
        what=_what(said, promise),
        where=_where(said, promise, whole),
        promised=said.number(promised) if rate is None else said.promised(promised),
        achieved=achieved,
        detail=detail,
        pending=_pending(said, promise),
        badge=badge(said, promise),
        filled=None if filled is None else round(100 * filled, 1),
        mark=round(100 * mark, 1),
    )


def _what(said: Words, promise: Promise) -> str:
    return {
        "mqls": said.say("MQLs handed over"),
        "sql_rate": said.say("MQLs that became SQLs"),
        "criteria": said.say("MQLs that met the criteria"),
        "contacted": said.say("MQLs contacted in time"),
        "documented": said.say("Activities written down"),
        "verdicts": said.say("MQLs with a verdict"),
        "reasons": said.say("Rejections with an agreed reason"),
    }[promise.name]


def _where(said: Words, promise: Promise, whole: str) -> str:
    parts = [said.market(promise.market)] if promise.market != whole else []
    if promise.version:
        parts.append(said.say("contract of %(day)s", day=said.day_of(promise.version)))
    return ", ".join(parts)


def _detail(said: Words, promise: Promise) -> str:
    rate = promise.achieved
    if rate is None or not rate.of:
        return ""
    count, of = said.language.number(rate.count), said.language.number(rate.of)
    text = said.say("%(count)s of %(of)s", count=count, of=of)
    if promise.name != "sql_rate":
        return text
    interval = said.between(rate.low, rate.high)
    return said.say("%(text)s, interval %(interval)s", text=text, interval=interval)


def _pending(said: Words, promise: Promise) -> str:
    if not promise.pending:
        return ""
    return said.count(
        "%(n)s can still go either way.", "%(n)s can still go either way.", promise.pending
    )


def _statement(said: Words, ledger: Ledger, side: str, name: str) -> Statement:
    own = [p for p in ledger.promises if p.side == side]
    if not own:
        return Statement(name, said.say("The contract promises nothing on this side."))
    whole = ledger.window.scope.get("market", "")
    parts = [p for p in own if p.market != whole]
    own = [p for p in own if p.market == whole] or own
    kept = sum(p.state == "kept" for p in own)
    headline = said.say(
        "%(side)s: %(kept)s of %(all)s kept",
        side=name,
        kept=said.number(kept),
        all=said.number(len(own)),
    )
    texts = []
    for state, form in (
        ("broken", said.say("Broken:")),
        ("open", said.say("Not decided yet:")),
        ("no data", said.say("No data:")),
    ):
        if named := [_named(said, p, ledger) for p in own if p.state == state]:
            texts.append(f"{form} {said.apart(named)}.")
    if parts and own[0].market == whole:
        texts.append(
            said.say(
                "By market: %(kept)s of %(all)s kept.",
                kept=said.number(sum(p.state == "kept" for p in parts)),
                all=said.number(len(parts)),
            )
        )
    return Statement(headline, " ".join(texts) or said.say("Everything that was promised."))


def _named(said: Words, promise: Promise, ledger: Ledger) -> str:
    line = _line(said, promise, ledger.window.scope.get("market", ""))
    name = line.what if not line.where else f"{line.what} ({line.where})"
    if promise.state == "no data":
        return name
    return said.say(
        "%(what)s, %(achieved)s against %(promised)s",
        what=name,
        achieved=line.achieved,
        promised=line.promised,
    )
