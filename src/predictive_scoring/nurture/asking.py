"""One question to the company's tables, with rows of one's own beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from predictive_scoring.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.records import Extract


def ask(extract: Extract, query: str, tables: Mapping[str, pa.Table], **values: object) -> pa.Table:
    """The query's rows; ``tables`` are seen by their names, ``values`` as ``$name``.

    The rows given are not copied, and gone from the connection afterwards.
    """
    connection = extract.connection
    try:
        for name, rows in tables.items():
            connection.register(name, rows)
        parameters: dict[str, Any] = values
        return connection.execute(query, parameters).to_arrow_table()
    finally:
        for name in tables:
            connection.unregister(name)


def stored(instant: datetime) -> datetime:
    """The instant in UTC without its zone, as DuckDB has it; raises UsageError if naive."""
    if instant.tzinfo is None:
        raise UsageError(
            f"an instant without a time zone: {instant.isoformat()}",
            "an instant with a zone, such as 2026-10-31T23:00:00+00:00",
            "add the offset to the instant",
        )
    return instant.astimezone(UTC).replace(tzinfo=None)
