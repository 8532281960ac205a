from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring.config import Team
from predictive_scoring.contract.calendar import Clock
from predictive_scoring.demo import crm, sales
from predictive_scoring.demo.clock import (
    DAY,
    EXTRACT,
    WEEK,
    Codes,
    Seconds,
    market_offset,
    weekday,
)
from predictive_scoring.demo.company import LOSS_REASONS
from predictive_scoring.demo.intent import REJECTED, SQL, Fates, live
from predictive_scoring.demo.people import People, meet
from predictive_scoring.demo.sales import NEVER, Dealings

Block = tuple[People, Fates, Dealings]


@pytest.fixture(scope="module")
def block() -> Block:
    rng = np.random.default_rng(21)
    people = meet(0, 12_000, 12_000, rng)
    fates = live(people.prospects(), people.worked, rng)
    return people, fates, sales.deal(people, fates, rng)


def seconds(column: pa.ChunkedArray) -> Seconds:
    return np.array(column.to_pandas().map(np.datetime64).astype("datetime64[s]").astype(int))


def rows(table: pa.Table) -> Codes:
    return np.array([int(lead[1:]) - 1 for lead in table["lead_id"].to_pylist()])


def test_outcomes_fall_in_the_week_that_fate_chose(block: Block) -> None:
    people, fates, dealings = block
    ended = fates.outcome != 0
    start = (people.created + fates.week * WEEK)[ended]
    assert ((dealings.ended[ended] > start) & (dealings.ended[ended] < start + WEEK)).all()
    assert (dealings.ended[~ended] == NEVER).all()


def test_instants_follow_each_other(block: Block) -> None:
    people, fates, dealings = block
    worked = people.worked
    assert (dealings.handed_over[worked] > people.created[worked]).all()
    assert (dealings.first_contact[worked] > dealings.handed_over[worked]).all()
    assert (dealings.first_contact[worked] < dealings.ended[worked]).all()
    closed = dealings.closed < NEVER
    assert np.array_equal(closed, fates.outcome == SQL)
    assert (dealings.closed[closed] > dealings.ended[closed] + WEEK).all()


def test_sales_leaves_its_trace_on_worked_leads_only(block: Block) -> None:
    people, _, dealings = block
    assert np.array_equal(dealings.first_contact < NEVER, people.worked)
    delay = (dealings.first_contact - dealings.handed_over)[people.worked]
    assert delay.max() < 33 * DAY
    assert 0.5 * DAY < np.median(delay) < 4 * DAY
    handed = (dealings.handed_over < NEVER)[~people.worked].mean()
    assert handed == pytest.approx(0.7, abs=0.05)


def test_first_contacts_by_a_team_s_own_hours_are_those_of_a_real_company(block: Block) -> None:
    """Within a working day for some, days late for others, never for one MQL in ten."""
    people, _, dealings = block
    hours = ("09:00-12:30", "13:30-18:00")
    team = Team(time_zone="Europe/Paris", hours=hours, holidays="FR")
    clock = Clock.of(team, date(2024, 10, 1), date(2027, 12, 31))
    france = (people.market == 0) & (dealings.handed_over < NEVER)
    met = france & people.worked
    instants = [getattr(dealings, name)[met] for name in ("handed_over", "first_contact")]
    delay = clock.hours_between(*(i.astype("datetime64[s]") for i in instants))
    assert (delay >= 0).all()
    assert 1 - met.sum() / france.sum() == pytest.approx(0.10, abs=0.03)
    in_time = [(delay <= days * 8).sum() / france.sum() for days in (1, 2, 5)]
    assert in_time == pytest.approx([0.42, 0.66, 0.85], abs=0.04)
    local = dealings.first_contact[met] + market_offset(people.market[met], instants[1])
    assert (weekday(local) < 5).mean() > 0.99


def test_ledger_holds_what_happened_before_the_extract(block: Block) -> None:
    people, fates, dealings = block
    table = sales.stages(people, crm.lead_ids(people), fates, dealings, np.random.default_rng(1))
    stage = np.array(table["stage"].to_pylist())
    for name, code in (("sql", SQL), ("rejected", REJECTED)):
        expected = np.flatnonzero((fates.outcome == code) & (dealings.ended < EXTRACT))
        assert np.array_equal(rows(table)[stage == name], expected)
    by_lead = np.stack((rows(table)[:-1], rows(table)[1:]))
    same = by_lead[0] == by_lead[1]
    entered = seconds(table["entered_at"])
    # Paris' wall clock goes back by an hour once a year; the stages of a lead lie further apart.
    assert (np.diff(entered)[same] > 0).all()
    assert (np.diff(by_lead, axis=0) >= 0).all()
    won = (stage == "won").sum() / np.isin(stage, ("won", "lost")).sum()
    assert won == pytest.approx(0.32, abs=0.04)


def test_reasons_are_given_for_rejected_and_lost_only(block: Block) -> None:
    people, fates, dealings = block
    table = sales.stages(people, crm.lead_ids(people), fates, dealings, np.random.default_rng(1))
    frame = table.to_pandas()
    given = frame["reason"].notna()
    assert (given == frame["stage"].isin(["rejected", "lost"])).all()
    assert set(frame.loc[frame["stage"] == "lost", "reason"]) == {
        reason for reason, _ in LOSS_REASONS
    }
    assert (frame.loc[frame["stage"] == "mql", "actor"] == "marketing").all()
    assert not (frame.loc[frame["stage"] != "mql", "actor"] == "marketing").any()


def test_activities_of_rejected_leads_end_with_the_rejection(block: Block) -> None:
    people, fates, dealings = block
    ids = crm.lead_ids(people)
    table = sales.activities(people, ids, fates, dealings, np.random.default_rng(1))
    lead, occurred = rows(table), table["occurred_at"].cast(pa.timestamp("s", tz="UTC"))
    instants = occurred.cast(pa.int64()).to_numpy()
    assert instants.max() < EXTRACT
    assert (instants >= dealings.first_contact[lead]).all()
    assert people.worked[lead].all()
    rejected = fates.outcome[lead] == REJECTED
    assert (instants[rejected] < dealings.ended[lead][rejected]).all()
    reached = np.flatnonzero(dealings.first_contact < EXTRACT)
    assert set(reached) <= set(lead)
    assert 1.5 < len(lead) / len(reached) < 6


def test_effort_before_the_week_of_the_outcome_follows_intent_alone(block: Block) -> None:
    """Of leads equally hot in week 6, those about to become SQLs get no more contacts in week 5."""
    people, fates, dealings = block
    ids = crm.lead_ids(people)
    table = sales.activities(people, ids, fates, dealings, np.random.default_rng(2))
    occurred = table["occurred_at"].cast(pa.timestamp("s", tz="UTC"))
    lead = rows(table)
    week = (occurred.cast(pa.int64()).to_numpy() - people.created[lead]) // WEEK
    contacts = np.bincount(lead[week == 5], minlength=len(people))
    hot = people.worked & (fates.intent[:, 5] == 2) & (fates.week >= 6)
    hot &= people.created + 7 * WEEK < EXTRACT
    soon = hot & (fates.outcome == SQL) & (fates.week < 9)
    others = hot & ~soon
    gap = contacts[soon].mean() - contacts[others].mean()
    error = np.sqrt(contacts[soon].var() / soon.sum() + contacts[others].var() / others.sum())
    assert soon.sum() > 50
    assert abs(gap) < 3.5 * error


def test_documented_and_outcomes_fit_the_kind(block: Block) -> None:
    people, fates, dealings = block
    ids = crm.lead_ids(people)
    table = sales.activities(people, ids, fates, dealings, np.random.default_rng(1))
    frame = table.to_pandas()
    assert set(frame["documented"]) == {"true", "false"}
    assert (frame["documented"] == "true").mean() == pytest.approx(0.82, abs=0.01)
    assert set(frame.loc[frame["kind"] == "mail", "outcome"]) == {"information_sent"}
    assert set(frame.loc[frame["kind"] == "meeting", "outcome"]) == {"done"}
    assert "no_answer" in set(frame.loc[frame["kind"] == "call", "outcome"])
