"""Who is handed to sales by a scoring run: once, and with why now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, ScoreBatch

MQL_TIERS = ("hot", "mql")


@dataclass(frozen=True)
class Before:
    """What the store knows before a run: who is an MQL, who was ever handed over, as of when."""

    mqls: pa.Array
    handed_over: pa.Array
    as_of: datetime | None


def look_before(store: Path) -> Before:
    """Read the store; all empty where there is none. Raises StoreError."""
    from predictive_scoring import sinks

    return Before(
        sinks.current_mqls(store), sinks.already_handed_over(store), sinks.current_as_of(store)
    )


def mqls_of(batch: ScoreBatch) -> pa.Array:
    """The batch's MQLs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_mql = pc.is_in(batch.tier, value_set=pa.array(MQL_TIERS))
    return batch.lead_id.cast(pa.string()).filter(is_mql)


def handovers(
    mqls: list[pa.Array],
    before: Before,
    extract: Extract,
    as_of: datetime | None,
    config: Config,
) -> pa.Table:
    """Those of the MQLs whom nobody has handed over yet, neither this program nor the CRM.

    Columns lead_id, owner, and why: by language, what the lead did since it was last scored.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pa.concat_arrays([pa.array([], pa.string()), *mqls])
    known = pa.concat_arrays([before.handed_over, _in_crm(extract, as_of)])
    new = pa.table({"lead_id": found.filter(pc.invert(pc.is_in(found, value_set=known)))})
    extract.connection.register("handed", new)
    try:
        rows = extract.connection.execute(
            "SELECT lead_id, owner FROM handed JOIN leads USING (lead_id) ORDER BY lead_id"
        ).to_arrow_table()
    finally:
        extract.connection.unregister("handed")
    return rows.append_column(
        "why", _why(rows["lead_id"].to_pylist(), before, extract, as_of, config)
    )


def _in_crm(extract: Extract, as_of: datetime | None) -> pa.Array:
    """Leads that the CRM calls handed over by then."""
    import pyarrow as pa

    at = None if as_of is None else as_of.astimezone(UTC).replace(tzinfo=None)
    query = """SELECT DISTINCT lead_id FROM stages
        WHERE stage = 'mql' AND entered_at <= coalesce(?::TIMESTAMP, 'infinity')"""
    found = extract.connection.execute(query, [at]).to_arrow_table()
    return found["lead_id"].cast(pa.string()).combine_chunks()


def _why(
    leads: list[str], before: Before, extract: Extract, as_of: datetime | None, config: Config
) -> pa.Array:
    import pyarrow as pa

    from predictive_scoring import nurture

    languages = config.score.languages
    until = as_of or datetime.now(UTC)
    earlier = before.as_of is not None and before.as_of < until  # not where the clock is put back
    since = before.as_of if earlier else None
    told = [
        nurture.why_now(extract, config, leads, since, until, lang)["text"].to_pylist()
        for lang in languages
    ]
    pairs = [list(zip(languages, texts, strict=True)) for texts in zip(*told, strict=True)]
    return pa.array(pairs, pa.map_(pa.string(), pa.string()))
