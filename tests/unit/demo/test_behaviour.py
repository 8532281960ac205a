import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from predictive_scoring.demo import behaviour, crm
from predictive_scoring.demo.clock import EXTRACT, WEEK, Codes, Seconds, market_offset, weekday
from predictive_scoring.demo.intent import Fates, live
from predictive_scoring.demo.people import People, meet


@pytest.fixture(scope="module")
def block() -> tuple[People, Fates, pa.Table]:
    rng = np.random.default_rng(8)
    people = meet(0, 12_000, 12_000, rng)
    fates = live(people.prospects(), people.worked, rng)
    return people, fates, behaviour.events(people, crm.lead_ids(people), fates, rng)


def placed(events: pa.Table) -> tuple[Codes, Seconds]:
    """The row of each event's lead, and its instant in UTC seconds."""
    lead = pc.utf8_slice_codeunits(events["lead_id"], 1).cast(pa.int64())
    seconds = events["occurred_at"].cast(pa.int64()).to_numpy() // 1_000_000
    return lead.to_numpy() - 1, seconds


def test_events_stay_within_the_extract_and_the_leads_life(
    block: tuple[People, Fates, pa.Table],
) -> None:
    people, _, events = block
    lead, occurred = placed(events)
    assert events.schema == behaviour.SCHEMA
    assert (np.diff(occurred) >= 0).all()
    assert occurred.max() < EXTRACT
    age = occurred - people.created[lead]
    form = np.array(events["type"].to_pylist()) == "form"
    assert age[~form].min() >= 0
    assert -90 <= age.min() < 0
    assert age.max() < 52 * WEEK


def test_about_twenty_events_per_lead(block: tuple[People, Fates, pa.Table]) -> None:
    people, _, events = block
    assert 17 < events.num_rows / len(people) < 25


def test_hot_leads_do_more_and_look_at_prices(block: tuple[People, Fates, pa.Table]) -> None:
    people, fates, events = block
    lead, occurred = placed(events)
    week = (occurred - people.created[lead]) // WEEK
    weekly = week >= 0
    state = fates.intent[lead[weekly], week[weekly]]
    reached = (people.created[:, None] + np.arange(1, 53) * WEEK <= EXTRACT) & (
        np.arange(52) <= fates.week[:, None]
    )
    counted = reached[lead[weekly], week[weekly]]
    rate = np.bincount(state[counted]) / np.bincount(fates.intent[reached])
    assert rate[0] * 2 < rate[1] < rate[2] / 2
    pricing = np.array(events["topic"].to_pylist())[weekly] == "pricing"
    assert pricing[state == 2].mean() > 4 * pricing[state == 0].mean()


def test_leads_calm_down_after_their_outcome(block: tuple[People, Fates, pa.Table]) -> None:
    people, fates, events = block
    lead, occurred = placed(events)
    week = (occurred - people.created[lead]) // WEEK
    usable = (fates.outcome == 1) & (people.created + 40 * WEEK < EXTRACT) & (fates.week < 20)
    hot = fates.intent[:, :40] == 2
    after = np.arange(40) > fates.week[:, None]
    counts = np.zeros((len(people), 40))
    inside = (week >= 0) & (week < 40)
    np.add.at(counts, (lead[inside], week[inside]), 1)
    rows = usable[:, None]
    before_rate = counts[rows & hot & ~after].mean()
    assert 0.2 < counts[rows & hot & after].mean() / before_rate < 0.5


def test_events_happen_by_day_in_the_leads_own_zone(block: tuple[People, Fates, pa.Table]) -> None:
    people, _, events = block
    lead, occurred = placed(events)
    local = occurred + market_offset(people.market[lead], occurred)
    for market in (0, 4):
        hour = local[people.market[lead] == market] % 86_400 // 3_600
        assert np.mean((hour >= 8) & (hour < 19)) > 0.7
    assert 0.05 < np.mean(weekday(local) >= 5) < 0.21


def test_details_belong_to_the_type(block: tuple[People, Fates, pa.Table]) -> None:
    _, _, events = block
    frame = events.to_pandas()
    mail = frame["type"].str.startswith("mail")
    assert (frame.loc[mail, "channel"] == "email").all()
    month = frame["occurred_at"].dt.strftime("%Y-%m")
    assert (frame.loc[mail, "campaign"] == "newsletter-" + month[mail]).all()
    paid = frame["channel"] == "paid"
    assert (frame.loc[paid, "campaign"] == "ads-" + month[paid]).all()
    webinar = frame["type"] == "webinar"
    assert set(frame.loc[webinar, "campaign"]) == set(behaviour._WEBINARS)
    assert frame.loc[~mail & ~paid & ~webinar, "campaign"].isna().all()
    visit = frame["type"] == "visit"
    assert frame.loc[visit, "value"].isna().mean() == pytest.approx(0.08, abs=0.01)
    assert frame.loc[~visit & ~webinar, "value"].isna().all()
    assert frame.loc[webinar, "value"].median() > 10 * frame.loc[visit, "value"].median()


def test_mail_goes_mostly_to_subscribers(block: tuple[People, Fates, pa.Table]) -> None:
    people, _, events = block
    lead, _ = placed(events)
    mail = np.char.startswith(np.array(events["type"].to_pylist(), dtype=str), "mail")
    subscribed = people.newsletter[lead[mail]].mean()
    assert people.newsletter.mean() == pytest.approx(0.62, abs=0.02)
    assert 0.9 < subscribed < 0.97
