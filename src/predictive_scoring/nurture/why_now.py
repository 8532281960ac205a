"""Why a lead crossed the threshold now: what it did since it was scored before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyarrow as pa
from babel.dates import format_date

from predictive_scoring.language import load
from predictive_scoring.nurture.asking import ask, stored
from predictive_scoring.nurture.names import event_name

if TYPE_CHECKING:
    from predictive_scoring.config import Config
    from predictive_scoring.language import Language
    from predictive_scoring.records import Extract

MOST_NAMED = 4
_WEEK = 7
_QUERY = """
SELECT lead_id, list({'type': coalesce(type, ''), 'topic': topic}
                     ORDER BY last DESC, type, topic) AS events
FROM (
    SELECT lead_id, type, coalesce(topic, '') AS topic, max(occurred_at) AS last
    FROM events SEMI JOIN nurture_asked USING (lead_id)
    WHERE occurred_at > $since AND occurred_at <= $until
    GROUP BY ALL
) GROUP BY lead_id
"""


def why_now(
    extract: Extract,
    config: Config,
    lead_ids: Sequence[str],
    since: datetime | None,
    until: datetime,
    lang: str,
) -> pa.Table:
    """What each lead did in (``since``, ``until``]: lead_id and text, in the order given.

    ``since`` is the as-of of the score before (with a zone), None where there was none. At most
    four different types and topics are named, the latest first, by the company's words
    (``score.labels``); the day is the company's. Raises UsageError for a naive instant or a
    language without a catalogue.
    """
    language = load("predictive_scoring.nurture", "nurture", lang, config.score.labels)
    if since is None:
        texts = [language.say("first scored")] * len(lead_ids)
    else:
        when = _when(since, until, ZoneInfo(config.time_zone or "UTC"), language)
        done = _done(extract, lead_ids, since, until)
        texts = [_text(when, done.get(lead, ()), language) for lead in lead_ids]
    return pa.table(
        {"lead_id": pa.array(lead_ids, pa.string()), "text": pa.array(texts, pa.string())}
    )


def _done(
    extract: Extract, lead_ids: Sequence[str], since: datetime, until: datetime
) -> Mapping[str, Sequence[Mapping[str, str]]]:
    asked = pa.table({"lead_id": pa.array(lead_ids, pa.string())})
    values = {"since": stored(since), "until": stored(until)}
    found = ask(extract, _QUERY, {"nurture_asked": asked}, **values)
    return dict(zip(found["lead_id"].to_pylist(), found["events"].to_pylist(), strict=True))


def _text(when: str, events: Sequence[Mapping[str, str]], language: Language) -> str:
    if not events:
        return language.say(
            "%(when)s: nothing new from the lead; the score rose with its age, its account, "
            "sales activity or another model",
            when=when,
        )
    names = dict.fromkeys(event_name(e["type"], e["topic"], language) for e in events)
    what = ", ".join(list(names)[:MOST_NAMED])
    return language.say("%(when)s: %(what)s", when=when, what=what)


def _when(since: datetime, until: datetime, zone: ZoneInfo, language: Language) -> str:
    """The day since when: a weekday within a week, else a date, with its year if it is another."""
    day, today = (at.astimezone(zone).date() for at in (since, until))
    if day == today:
        return language.say("today")
    if (today - day).days < _WEEK:
        return language.say("since %(weekday)s", weekday=language.weekday(day.isoweekday()) or "")
    return language.say("since %(date)s", date=_date(day, day.year != today.year, language))


def _date(day: date, with_year: bool, language: Language) -> str:
    month = format_date(day, "MMMM y" if with_year else "MMMM", locale=language.locale)
    if day.day == 1:
        return language.say("1 %(month)s", month=month)
    return f"{day.day} {month}"
