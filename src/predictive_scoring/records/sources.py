"""A company's history, loaded, and what became of every record of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class SourceCount:
    """What became of one input's records: ``records = loaded + quarantined + set_aside``.

    ``records`` is counted by a reader of its own; ``set_aside`` rows were left out by a rule the
    configuration declares (``rules`` says which, with how many).
    """

    table: str
    file: str
    records: int
    loaded: int
    quarantined: int
    set_aside: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True)
class Extract:
    """A company's history, loaded: canonical tables in an open DuckDB connection.

    Tables or views, where declared (instants are TIMESTAMP in UTC, identifiers VARCHAR, in input
    order ``row_number`` BIGINT from 1):

    - ``leads``: lead_id (unique), row_number, created_at (NULL in a flat company without dates),
      account_id, market, language, owner, email (each NULL where not declared), outcome (flat
      companies: TRUE, FALSE or NULL = not known), and a column ``profile_<name>`` for each
      declared profile column (DOUBLE for numbers, VARCHAR for categories, BOOLEAN for flags).
    - ``events``: lead_id, occurred_at, type, channel, campaign, topic, value
    - ``stages``: lead_id, stage (the dictionary's), entered_at, actor, reason
    - ``activities``: lead_id, occurred_at, kind, actor, outcome, documented
    - ``changes``: lead_id, "column" (profile name, without prefix), value VARCHAR, changed_at
    - ``quarantine``: table_name, file, line BIGINT, reason, record
    All five exist, empty where not declared; ``declared`` names those that the company has.
    """

    connection: duckdb.DuckDBPyConnection
    declared: frozenset[str]
    counts: tuple[SourceCount, ...]
    extract_at: datetime | None  # None: none is declared and the data hold no instant
    notes: tuple[str, ...] = ()

    def digest(self) -> str:
        """SHA-256 over the inputs' own digests: the same data, the same digest."""
        import hashlib

        text = "\n".join(sorted(f"{c.table} {c.sha256}" for c in self.counts))
        return hashlib.sha256(text.encode()).hexdigest()
