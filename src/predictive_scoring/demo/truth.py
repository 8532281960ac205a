"""The true probabilities of the simulated leads, which no real company ever knows."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from predictive_scoring.demo.clock import EXTRACT, WEEK
from predictive_scoring.demo.intent import (
    STATES,
    Fates,
    Prospects,
    horizon_in_weeks,
    sql_probability,
)
from predictive_scoring.demo.people import People
from predictive_scoring.demo.text import pick
from predictive_scoring.errors import UsageError

FILE = "truth.parquet"
GRID_WEEKS = 14
HORIZON_DAYS = 91
SCHEMA = pa.schema(
    {
        "lead_id": pa.string(),
        "as_of": pa.timestamp("us", tz="UTC"),
        "probability": pa.float64(),
        "worked": pa.bool_(),
        "week": pa.int64(),
        "intent": pa.string(),
        "market": pa.int64(),
        "fit": pa.float64(),
    }
)


def truth(people: People, ids: pa.Array, fates: Fates) -> pa.Table:
    """Return the rows of `truth.parquet` for a block, by lead and time; columns as in `SCHEMA`.

    One for each lead and each `as_of` = created_at + 0, 1, … 13 weeks (of 7 * 24 hours) that is
    not after the extract and at which the lead is still open. `probability` is that of becoming
    an SQL within 91 days (13 weeks), given fit and the intent at `as_of`, and given that sales
    works the lead; for a lead with `worked` false it says what would have been. Intent, fit and
    market are what `true_probabilities` needs for other horizons.
    """
    weeks = np.arange(GRID_WEEKS)
    open_then = (fates.week[:, None] >= weeks) & (people.created[:, None] + weeks * WEEK <= EXTRACT)
    lead, week = np.nonzero(open_then)
    state = fates.intent[lead, week].astype(np.int64)
    prospects = people.prospects().take(lead)
    probability = sql_probability(prospects, week, state, horizon_in_weeks(HORIZON_DAYS))
    columns = [
        ids.take(pa.array(lead)),
        pa.array((prospects.created + week * WEEK) * 1_000_000).cast(SCHEMA.field("as_of").type),
        pa.array(probability),
        pa.array(people.worked[lead]),
        pa.array(week),
        pick(STATES, state),
        pa.array(prospects.market),
        pa.array(prospects.fit),
    ]
    return pa.table(columns, schema=SCHEMA)


def true_probabilities(out: Path, horizon_days: int) -> pa.Table:
    """Compute the exact probability that each simulated lead becomes an SQL within a horizon.

    The horizon is rounded to whole weeks of 7 * 24 hours, at least one: 90 days are taken as 91,
    so labels of 91 days match exactly and labels of 90 days miss the last day of 13 weeks.
    Returns the table (lead_id string, as_of timestamp UTC, probability double, worked bool), one
    row for each row of `truth.parquet` in the folder `out`, with the meaning described in
    `truth`. Raises `UsageError` when the folder holds no simulated company or the horizon is
    shorter than a day.
    """
    path = out / FILE
    if horizon_days < 1:
        raise UsageError(
            f"a horizon of {horizon_days} days", "1 day or more", "ask for a longer horizon"
        )
    if not path.is_file():
        raise UsageError(
            f"no {FILE} in {out}", "the folder of a simulated company", "simulate one there first"
        )
    weeks = horizon_in_weeks(horizon_days)
    with pq.ParquetFile(path) as file:
        parts = [_probabilities(pa.table(batch), weeks) for batch in file.iter_batches(100_000)]
    return pa.concat_tables(parts)


def _probabilities(rows: pa.Table, weeks: int) -> pa.Table:
    week = rows["week"].to_numpy()
    as_of = rows["as_of"].cast(pa.int64()).to_numpy() // 1_000_000
    state = pc.index_in(rows["intent"], pa.array(STATES)).to_numpy().astype(np.int64)
    prospects = Prospects(as_of - week * WEEK, rows["market"].to_numpy(), rows["fit"].to_numpy())
    exact = pa.array(sql_probability(prospects, week, state, weeks))
    columns = rows.select(["lead_id", "as_of", "probability", "worked"])
    return columns.set_column(2, "probability", exact)
