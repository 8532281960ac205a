"""What leads do on the web, in their mail and at webinars: events that betray their intent."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from predictive_scoring.demo.clock import (
    DAY,
    EXTRACT,
    WEEK,
    Codes,
    Seconds,
    local_second_of_day,
    market_offset,
    weekday,
)
from predictive_scoring.demo.company import FORM_SOURCES, MARKETS, SOURCES
from predictive_scoring.demo.intent import LIFE_WEEKS, Fates
from predictive_scoring.demo.people import People
from predictive_scoring.demo.seasons import SEASON, day_index
from predictive_scoring.demo.text import join, number, pick, where

TYPES = ("visit", "download", "webinar", "mail_open", "mail_click", "form")
TOPICS = ("pricing", "product", "case_study", "technical", "blog", "careers", "company")
CHANNELS = ("organic", "paid", "direct", "social", "email", "webinar_platform", "website")

SCHEMA = pa.schema(
    {
        "lead_id": pa.string(),
        "occurred_at": pa.timestamp("us", tz="UTC"),
        "type": pa.string(),
        "channel": pa.string(),
        "campaign": pa.string(),
        "topic": pa.string(),
        "value": pa.float64(),
    }
)

# Events per week, and shares of types and topics, for cold, warm and hot intent.
_PER_WEEK = np.array([0.34, 1.35, 5.00])
_TYPE_SHARES = np.array(
    [
        [0.40, 0.03, 0.01, 0.46, 0.09, 0.01],
        [0.46, 0.09, 0.03, 0.28, 0.11, 0.03],
        [0.53, 0.13, 0.05, 0.15, 0.09, 0.05],
    ]
)
_TOPIC_SHARES = np.array(
    [
        [0.03, 0.22, 0.06, 0.10, 0.36, 0.13, 0.10],
        [0.09, 0.32, 0.13, 0.18, 0.19, 0.03, 0.06],
        [0.24, 0.27, 0.17, 0.18, 0.08, 0.01, 0.05],
    ]
)
# Some people click more than others whatever they intend: shape of a gamma with mean 1.
_HABIT_SHAPE = 3.0
_AFTER_OUTCOME = 0.35
_SEASON_STRENGTH = 0.5
_WITHOUT_NEWSLETTER = 0.12
_SATURDAY_RATE, _SUNDAY_RATE = 0.25, 0.20
_VISIT, _WEBINAR, _MAIL_OPEN, _MAIL_CLICK, _FORM = 0, 2, 3, 4, 5
_VISIT_CHANNELS = np.array([0.48, 0.17, 0.25, 0.10])
_CHANNEL_BY_TYPE = np.array([0, 6, 5, 4, 4, 6])
_WEBINARS = ("iso-14644", "energy-audit", "filter-change", "annex-1", "digital-hvac", "atex")
_PAID = CHANNELS.index("paid")


@dataclass(frozen=True)
class _Clicks:
    """Events as codes; `lead` is the row in the block of people."""

    lead: Codes
    occurred: Seconds
    type: Codes
    topic: Codes

    def take(self, rows: npt.NDArray[Any]) -> "_Clicks":
        return _Clicks(self.lead[rows], self.occurred[rows], self.type[rows], self.topic[rows])


def events(people: People, ids: pa.Array, fates: Fates, rng: np.random.Generator) -> pa.Table:
    """Return a block's events up to the extract, in order of time; columns as in `SCHEMA`.

    Within a week their number is Poisson with a rate that depends on intent, habit, market,
    season, and on whether the outcome has fallen; a form sent by the lead itself comes some
    seconds before its creation.
    """
    weekly, forms = _weekly(people, fates, rng), _first_forms(people, fates, rng)
    clicks = _Clicks(
        np.concatenate((forms.lead, weekly.lead)),
        np.concatenate((forms.occurred, weekly.occurred)),
        np.concatenate((forms.type, weekly.type)),
        np.concatenate((forms.topic, weekly.topic)),
    )
    mail = (clicks.type == _MAIL_OPEN) | (clicks.type == _MAIL_CLICK)
    unsubscribed = mail & ~people.newsletter[clicks.lead]
    kept = ~unsubscribed | (rng.random(len(mail)) < _WITHOUT_NEWSLETTER)
    clicks = clicks.take(np.flatnonzero(kept & (clicks.occurred < EXTRACT)))
    return _table(clicks.take(np.argsort(clicks.occurred, kind="stable")), ids, rng)


def _weekly(people: People, fates: Fates, rng: np.random.Generator) -> _Clicks:
    lead, week = np.divmod(_cells(people, fates, rng), LIFE_WEEKS)
    state = fates.intent[lead, week]
    occurred = _within_week(people, lead, people.created[lead] + week * WEEK, rng)
    return _Clicks(lead, occurred, _by_state(_TYPE_SHARES, state, rng), _topics(state, rng))


def _cells(people: People, fates: Fates, rng: np.random.Generator) -> Codes:
    """Return the cell (lead * LIFE_WEEKS + week) of each event, repeated by its count."""
    weeks = np.arange(LIFE_WEEKS)
    habit = rng.gamma(_HABIT_SHAPE, 1 / _HABIT_SHAPE, len(people))
    level = habit * np.array([m.activity for m in MARKETS])[people.market]
    starts = people.created[:, None] + weeks * WEEK
    season = np.exp(_SEASON_STRENGTH * SEASON[people.market[:, None], day_index(starts)])
    rate = _PER_WEEK[fates.intent] * level[:, None] * season
    rate *= np.where(weeks > fates.week[:, None], _AFTER_OUTCOME, 1.0)
    rate[starts >= EXTRACT] = 0.0
    return np.repeat(np.arange(rate.size), rng.poisson(rate).ravel())


def _within_week(people: People, lead: Codes, start: Seconds, rng: np.random.Generator) -> Seconds:
    """Instants within the seven days from `start`, mostly on working days and by day."""
    local = start + market_offset(people.market[lead], start)
    day = rng.integers(0, 7, len(lead))
    falls_on = (weekday(local) + day) % 7
    keep = np.array([1.0] * 5 + [_SATURDAY_RATE, _SUNDAY_RATE])[falls_on]
    moved = rng.random(len(lead)) >= keep
    day = np.where(moved, rng.integers(0, 7, len(lead)), day)
    second = local_second_of_day(rng.random(len(lead)))
    return np.asarray(start + day * DAY + (second - local) % DAY)


def _first_forms(people: People, fates: Fates, rng: np.random.Generator) -> _Clicks:
    with_form = np.array([choice.value in FORM_SOURCES for choice in SOURCES])
    lead = np.flatnonzero(with_form[people.source])
    before = rng.integers(2, 90, len(lead))
    topic = _topics(fates.intent[lead, 0], rng)
    return _Clicks(lead, people.created[lead] - before, np.full(len(lead), _FORM), topic)


def _by_state(
    shares: npt.NDArray[np.float64], state: npt.NDArray[np.int8], rng: np.random.Generator
) -> Codes:
    """Draw a column of `shares` for each row, by the row's state."""
    bounds = np.cumsum(shares, axis=1)[:, :-1]
    uniform = rng.random(len(state))
    codes = np.zeros(len(state), dtype=np.int64)
    for bound in bounds.T:
        codes += uniform >= bound[state]
    return codes


def _topics(state: npt.NDArray[np.int8], rng: np.random.Generator) -> Codes:
    return _by_state(_TOPIC_SHARES, state, rng)


def _table(clicks: _Clicks, ids: pa.Array, rng: np.random.Generator) -> pa.Table:
    size = len(clicks.lead)
    visit = clicks.type == _VISIT
    visit_channel = np.searchsorted(np.cumsum(_VISIT_CHANNELS)[:-1], rng.random(size))
    channel = np.where(visit, visit_channel, _CHANNEL_BY_TYPE[clicks.type])
    columns = [
        ids.take(pa.array(clicks.lead)),
        pa.array(clicks.occurred * 1_000_000).cast(SCHEMA.field("occurred_at").type),
        pick(TYPES, clicks.type),
        pick(CHANNELS, channel),
        _campaign(clicks, channel, rng),
        pick(TOPICS, clicks.topic),
        _value(clicks, rng),
    ]
    return pa.table(columns, schema=SCHEMA)


def _campaign(clicks: _Clicks, channel: Codes, rng: np.random.Generator) -> pa.Array:
    """Newsletters and advertisements are named by month, webinars by subject."""
    months = clicks.occurred.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    known = np.arange(months.min(initial=0), months.max(initial=0) + 1)
    month = join(number(known // 12 + 1970), "-", number(known % 12 + 1, 2))
    mail = (clicks.type == _MAIL_OPEN) | (clicks.type == _MAIL_CLICK)
    kind = np.select([mail, channel == _PAID], [0, 1], default=2)
    words = pa.concat_arrays([join("newsletter-", month), join("ads-", month), pa.array(_WEBINARS)])
    webinar = 2 * len(known) + rng.integers(0, len(_WEBINARS), len(kind))
    code = np.where(kind < 2, kind * len(known) + months - known[0], webinar)
    return where((kind < 2) | (clicks.type == _WEBINAR), pick(words, code))


def _value(clicks: _Clicks, rng: np.random.Generator) -> pa.Array:
    """Seconds spent on a page or in a webinar; missing elsewhere and for 8 % of visits."""
    visit, webinar = clicks.type == _VISIT, clicks.type == _WEBINAR
    interest = np.where(clicks.topic == TOPICS.index("careers"), 3.4, 3.9)
    spent = np.exp(rng.normal(0, 0.9, len(visit)) + np.where(webinar, 7.4, interest))
    known = webinar | (visit & (rng.random(len(visit)) >= 0.08))
    return pa.array(np.round(spent, 1), mask=~known)
