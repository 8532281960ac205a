import numpy as np
import pandas as pd
import pytest

from predictive_scoring.demo import changes, crm
from predictive_scoring.demo.clock import DAY, EXTRACT, WEEK, Seconds
from predictive_scoring.demo.people import People, meet
from predictive_scoring.demo.sales import NEVER

Changed = tuple[People, People, Seconds, pd.DataFrame]


@pytest.fixture(scope="module")
def changed() -> Changed:
    rng = np.random.default_rng(31)
    people = meet(0, 20_000, 20_000, rng)
    became_sql = np.where(people.number % 5 == 0, people.created + 3 * WEEK, NEVER)
    now, ages = changes.change(people, became_sql, rng)
    frame = changes.history(people, crm.lead_ids(people), ages).to_pandas()
    frame["row"] = frame["lead_id"].str[1:].astype(int) - 1
    instants = pd.to_datetime(frame["changed_at"], utc=True)
    frame["at"] = instants.dt.as_unit("s").astype("int64")
    return people, now, became_sql, frame


def text(people: People, column: str) -> list[str | None]:
    columns = {
        "seniority": changes._ranks,
        "newsletter": changes.newsletter_text,
        "employees": changes.employees_text,
    }
    values: list[str | None] = columns[column](people).to_pylist()
    return values


@pytest.mark.parametrize("column", ["seniority", "newsletter", "employees"])
def test_first_row_is_the_value_at_creation_and_last_the_present_one(
    changed: Changed, column: str
) -> None:
    people, now, _, frame = changed
    rows = frame[frame["column"] == column]
    pairs = rows.groupby("row")
    assert (pairs.size() == 2).all()
    first, last = pairs.nth(0), pairs.nth(1)
    before, after = text(people, column), text(now, column)
    for expected, found in ((before, first), (after, last)):
        values = found["value"].astype(object).where(found["value"].notna(), None)
        assert values.tolist() == [expected[row] for row in found["row"]]
    moved = {row for row in range(len(people)) if before[row] != after[row]}
    assert moved == set(rows["row"])


def test_changes_lie_between_creation_and_extract(changed: Changed) -> None:
    people, _, _, frame = changed
    created = people.created[frame["row"].to_numpy()]
    first = ~frame.duplicated(["row", "column"]).to_numpy()
    at = frame["at"].to_numpy()
    assert np.array_equal(at[first], created[first])
    assert (at[~first] >= created[~first]).all()
    assert at.max() < EXTRACT


def test_sales_fills_in_employees_of_sqls_afterwards(changed: Changed) -> None:
    people, now, became_sql, frame = changed
    unknown = np.isnan(people.employees)
    sql = became_sql < EXTRACT - 2 * WEEK
    filled = unknown & ~np.isnan(now.employees)
    assert filled[unknown & sql].mean() == pytest.approx(0.62, abs=0.05)
    assert filled[unknown & ~sql].mean() < 0.06
    rows = frame[(frame["column"] == "employees") & frame.duplicated(["row", "column"])]
    by_sales = rows[unknown[rows["row"]] & sql[rows["row"]]]
    late = by_sales["at"].to_numpy() - became_sql[by_sales["row"].to_numpy()]
    assert np.mean((late >= 3_600) & (late < 10 * DAY)) > 0.9


def test_what_does_not_change_stays(changed: Changed) -> None:
    people, now, _, _ = changed
    assert np.array_equal(people.fit, now.fit)
    assert np.array_equal(people.job_function, now.job_function)
