"""The course of content for each lead, and where in it the lead is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from predictive_scoring.nurture.asking import ask, stored

if TYPE_CHECKING:
    from datetime import datetime

    from predictive_scoring.config import Config, Track
    from predictive_scoring.records import Extract

_PART_ROWS = 250_000
"""Leads looked at together: what bounds the memory."""
_TEXTS = pa.list_(pa.string())
_SCHEMA = pa.schema([
    ("position", pa.int64()), ("name", pa.string()), ("content", _TEXTS), ("topics", _TEXTS),
    ("languages", _TEXTS), ("markets", _TEXTS), ("tiers", _TEXTS),
])  # fmt: skip
_QUERY = """
WITH past AS MATERIALIZED (
    SELECT lead_id, topic, count(*) AS events, max(occurred_at) AS last,
        CASE WHEN campaign IN (FROM nurture_content) THEN campaign END AS campaign,
        CASE WHEN type IN (FROM nurture_content) THEN type END AS type
    FROM events SEMI JOIN nurture_leads USING (lead_id)
    WHERE occurred_at <= $until
    GROUP BY lead_id, topic, 5, 6
), counted AS (
    SELECT lead_id, topic, sum(events) AS events, max(last) AS last
    FROM past WHERE topic <> '' GROUP BY ALL
), topics AS (
    SELECT lead_id, arg_max(topic, (events, last, topic)) AS topic FROM counted GROUP BY lead_id
), traces AS (
    SELECT lead_id, unnest([campaign, topic, type]) AS name FROM past
), seen AS (
    SELECT lead_id, list(name) AS names FROM traces GROUP BY lead_id
), fitting AS (
    SELECT l.lead_id, min(t.position) AS position
    FROM nurture_leads AS l LEFT JOIN topics AS own USING (lead_id) JOIN nurture_tracks AS t
      ON list_contains(t.tiers, l.tier)
     AND (len(t.topics) = 0 OR list_contains(t.topics, own.topic))
     AND (len(t.languages) = 0 OR list_contains(t.languages, l.language))
     AND (len(t.markets) = 0 OR list_contains(t.markets, l.market))
    GROUP BY l.lead_id
)
SELECT l.lead_id, coalesce(t.name, '') AS track, coalesce(own.topic, '') AS topic, coalesce(
    list_filter(t.content, lambda c: NOT list_contains(coalesce(s.names, []), c))[1], ''
) AS content
FROM nurture_leads AS l LEFT JOIN topics AS own USING (lead_id) LEFT JOIN seen AS s USING (lead_id)
LEFT JOIN fitting AS f USING (lead_id) LEFT JOIN nurture_tracks AS t USING (position)
ORDER BY l.lead_id
"""


def tracks(extract: Extract, config: Config, leads: pa.Table, as_of: datetime) -> pa.Table:
    """The first track that fits each lead: lead_id, track, topic, content; "" for none.

    ``leads`` has lead_id, tier, market and language (strings), a row a lead; so has the result, by
    lead_id. Nothing after ``as_of`` (with a zone) is looked at. The topic is that of most of the
    lead's events, of equally frequent ones the latest. The content is the first of the track that
    none of its events has as campaign, topic or type: what was sent without a trace is not known.
    """
    declared = config.nurture.tracks
    names = sorted({c for track in declared.values() for c in track.content})
    given = {
        "nurture_tracks": _rows(declared),
        "nurture_content": pa.table({"name": pa.array(names, pa.string())}),
    }
    leads = leads.select(["lead_id", "tier", "market", "language"]).sort_by("lead_id")
    parts = [
        ask(
            extract, _QUERY, given | {"nurture_leads": leads.slice(first, _PART_ROWS)},
            until=stored(as_of),
        )
        for first in range(0, max(len(leads), 1), _PART_ROWS)
    ]  # fmt: skip
    return pa.concat_tables(parts)


def _rows(declared: Mapping[str, Track]) -> pa.Table:
    rows = [
        {"position": i, "name": name, **track.model_dump()}
        for i, (name, track) in enumerate(declared.items())
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)
