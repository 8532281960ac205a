"""The score store's tables. A change of shape is a new SCHEMA_VERSION.

Instants are TIMESTAMP in UTC; probabilities lie in [0, 1]; bases and contributions are log-odds;
``percentile`` is the percentage of the run's leads scored lower, ties counted half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.errors import StoreError

if TYPE_CHECKING:
    import duckdb

SCHEMA_VERSION = 3
CONVERTIBLE = 2
"""The oldest version that ``convert`` makes one of this."""
STORAGE_VERSION = "v1.4.0"
"""The format of the file itself: the oldest DuckDB that can read it."""

SCORE = """lead_id, account_id, market, as_of, probability, log_odds, percentile, base,
    group_contributions, reasons, threshold, tier, criteria_met"""
"""What is kept of a score for good."""
DETAILS = ("contributions", "sentences", "criteria")
"""What is kept of a score while it is current."""
_CRITERIA = "STRUCT(name VARCHAR, met BOOLEAN, observed VARCHAR)[]"
SINCE_3 = {
    "threshold": "DOUBLE",
    "tier": "VARCHAR",
    "criteria_met": "BOOLEAN",
    "criteria": _CRITERIA,
}
"""What the tables of runs that version 2 stored are without, and its type."""

_SCORES = f"""
    lead_id VARCHAR NOT NULL, account_id VARCHAR, market VARCHAR, as_of TIMESTAMP,
    probability DOUBLE NOT NULL, log_odds DOUBLE NOT NULL, percentile DOUBLE NOT NULL,
    base DOUBLE NOT NULL, group_contributions MAP(VARCHAR, DOUBLE) NOT NULL,
    reasons
        STRUCT(feature VARCHAR, observed VARCHAR, contribution DOUBLE, points DOUBLE)[] NOT NULL,
    contributions DOUBLE[] NOT NULL, sentences MAP(VARCHAR, VARCHAR[]) NOT NULL,
    threshold DOUBLE, tier VARCHAR, criteria_met BOOLEAN NOT NULL, criteria {_CRITERIA} NOT NULL"""

QUARANTINE = """CREATE TABLE quarantine (run_id VARCHAR NOT NULL, table_name VARCHAR, file VARCHAR,
    line BIGINT, reason VARCHAR, record VARCHAR)"""
HANDOVERS = """CREATE TABLE handovers (lead_id VARCHAR PRIMARY KEY,
    handed_over_at TIMESTAMP NOT NULL, run_id VARCHAR NOT NULL, market VARCHAR, owner VARCHAR,
    probability DOUBLE NOT NULL, threshold DOUBLE, tier VARCHAR, criteria_met BOOLEAN NOT NULL,
    why MAP(VARCHAR, VARCHAR))"""

TABLES = (
    """CREATE TABLE store_schema (version INTEGER NOT NULL)""",
    """CREATE TABLE score_runs (run_id VARCHAR NOT NULL, current BOOLEAN NOT NULL,
    scored_at TIMESTAMP NOT NULL, model_name VARCHAR NOT NULL, model_version VARCHAR NOT NULL,
    bundle_digest VARCHAR NOT NULL, data_digest VARCHAR NOT NULL, as_of TIMESTAMP,
    feature_names VARCHAR[] NOT NULL, group_names VARCHAR[] NOT NULL,
    languages VARCHAR[] NOT NULL, scored BIGINT NOT NULL,
    excluded MAP(VARCHAR, BIGINT) NOT NULL, quarantined BIGINT NOT NULL,
    handed_over BIGINT DEFAULT 0)""",
    """CREATE TABLE feedback (feedback_id VARCHAR NOT NULL, given_at TIMESTAMP NOT NULL,
    lead_id VARCHAR NOT NULL, actor VARCHAR NOT NULL, verdict VARCHAR NOT NULL, reason VARCHAR,
    comment VARCHAR, run_id VARCHAR, probability DOUBLE)""",
    QUARANTINE,
    HANDOVERS,
    """CREATE TABLE audit (happened_at TIMESTAMP NOT NULL, actor VARCHAR NOT NULL,
    action VARCHAR NOT NULL, subject VARCHAR NOT NULL, detail VARCHAR)""",
    f"INSERT INTO store_schema VALUES ({SCHEMA_VERSION})",  # noqa: S608 - a number of this module
    "CREATE SCHEMA runs",
    f"CREATE TABLE runs.none ({_SCORES})",
)


def scores_table(name: str) -> str:
    """The statement that creates a run's table of scores, empty."""
    return f"CREATE TABLE {name} ({_SCORES})"


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of an empty store."""
    connection.begin()
    for statement in TABLES:
        connection.execute(statement)
    connection.commit()


def version(connection: duckdb.DuckDBPyConnection, path: str) -> int:
    """The store's version; raises StoreError unless it is one that can be used or converted."""
    known = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'store_schema' AND NOT internal"
    ).fetchone()
    if known != (1,):
        raise StoreError(
            f"{path} is a DuckDB database, but no score store",
            "a file that a scoring run wrote, or no file",
            "name another file in `scores`; this one was not touched",
        )
    versions = connection.execute("SELECT version FROM store_schema").fetchall()
    known_versions = range(CONVERTIBLE, SCHEMA_VERSION + 1)
    if len(versions) != 1 or versions[0][0] not in known_versions:
        found = ", ".join(str(v) for (v,) in versions) or "none"
        raise StoreError(
            f"{path} is a score store of version {found}",
            f"version {SCHEMA_VERSION}",
            "use the release of predictive-scoring that wrote it, or name another file in `scores`",
        )
    return int(versions[0][0])
