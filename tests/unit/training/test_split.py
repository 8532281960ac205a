from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from predictive_scoring.config import TrainingSettings
from predictive_scoring.errors import TooLittleData
from predictive_scoring.training import forward_split
from predictive_scoring.training.enough import history_needed

DAY = 86_400_000_000
SETTINGS = TrainingSettings(minimum_outcomes=2, folds=3)


@st.composite
def histories(draw):
    """Positions with ties, leads with several snapshots, accounts with several leads."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(40, 300))
    position = random.integers(0, draw(st.sampled_from([15, 60, 400])), n)
    lead = random.integers(0, draw(st.sampled_from([n // 3, n, 5 * n])), n)
    account_of = random.integers(-3 * n, draw(st.sampled_from([2, n])), lead.max() + 1).clip(-1)
    outcome = random.random(n) < draw(st.floats(0.2, 0.8))
    planned = position + random.integers(0, draw(st.sampled_from([1, 20])), n)
    horizon = draw(st.integers(0, 8))
    return (position, outcome, lead, account_of[lead]), {
        "planned_until": planned,
        "horizon": horizon,
    }


def split_or_skip(table):
    try:
        return forward_split(table, SETTINGS)
    except TooLittleData:
        assume(False)
        raise


def sides(split):
    """Every (training rows, evaluation rows) of a split."""
    return [(split.development, split.test), *split.folds]


def forward_sides(split):
    """The same, without folds that say they are not forward in time."""
    return sides(split) if split.report.forward_folds else sides(split)[:1]


@pytest.fixture
def forward_table(make_table):
    n = 200
    outcome = np.arange(n) % 3 == 0
    return make_table(np.arange(n) * DAY, outcome, np.arange(n) // 2, horizon=10 * DAY)


@given(histories())
@settings(max_examples=80, deadline=None)
def test_forward_evaluation_is_never_older_than_training(make_table, history):
    columns, rest = history
    table = make_table(*columns, **rest)
    for train, evaluated in forward_sides(split_or_skip(table)):
        assert table.position[train].max() < table.position[evaluated].min()


@given(histories())
@settings(max_examples=80, deadline=None)
def test_purged_no_training_label_reaches_into_the_evaluation(make_table, history):
    columns, rest = history
    table = make_table(*columns, **rest)
    for train, evaluated in forward_sides(split_or_skip(table)):
        assert table.position[train].max() + table.horizon <= table.position[evaluated].min()


@given(histories())
@settings(max_examples=80, deadline=None)
def test_grouped_no_lead_or_account_on_both_sides(make_table, history):
    columns, rest = history
    table = make_table(*columns, **rest)
    for train, evaluated in sides(split_or_skip(table)):
        assert not set(table.lead_id[train]) & set(table.lead_id[evaluated])
        accounts = set(table.account_id[train]) & set(table.account_id[evaluated])
        assert accounts <= {""}


@given(histories())
@settings(max_examples=80, deadline=None)
def test_grouped_no_lead_trained_on_was_to_be_looked_at_in_the_evaluation(make_table, history):
    columns, rest = history
    table = make_table(*columns, **rest)
    for train, evaluated in forward_sides(split_or_skip(table)):
        start = table.position[evaluated].min()
        looked_at = set(table.lead_id[table.planned_until >= start])
        assert not set(table.lead_id[train]) & looked_at
        older = (table.position < start) & np.isin(table.lead_id, list(looked_at))
        assert set(table.account_id[train]) & set(table.account_id[older]) <= {""}


@given(histories())
@settings(max_examples=80, deadline=None)
def test_forward_ties_never_straddle_and_folds_are_disjoint(make_table, history):
    columns, rest = history
    table = make_table(*columns, **rest)
    split = split_or_skip(table)
    assert set(np.flatnonzero(table.position >= table.position[split.test].min())) == set(
        split.test
    )
    blocks = [block for _, block in forward_sides(split)[1:]]
    for earlier, later in pairwise(blocks):
        assert table.position[earlier].max() < table.position[later].min()
    for train, block in split.folds:
        assert set(train) | set(block) <= set(split.development)


@given(histories())
@settings(max_examples=80, deadline=None)
def test_forward_every_row_is_accounted_for(make_table, history):
    columns, rest = history
    table = make_table(*columns, **rest)
    split = split_or_skip(table)
    removed = split.report.purged + split.report.grouped
    assert len(split.development) + len(split.test) + removed == len(table)


@given(histories())
@settings(max_examples=40, deadline=None)
def test_grouped_split_of_a_table_without_order(make_table, history):
    columns, rest = history
    table = make_table(*columns, **rest, ordered_by="nothing")
    for train, evaluated in sides(split_or_skip(table)):
        assert not set(table.lead_id[train]) & set(table.lead_id[evaluated])
        assert set(table.account_id[train]) & set(table.account_id[evaluated]) <= {""}


def test_forward_counts_by_hand(forward_table):
    split = forward_split(forward_table, SETTINGS)
    # Test from day 160 on; labels of days 151 … 159 reach into it; leads are pairs of days.
    assert split.test.tolist() == list(range(160, 200))
    assert split.development.tolist() == list(range(151))
    assert (split.report.purged, split.report.grouped) == (9, 0)
    first_train, first_block = split.folds[0]
    assert first_block.tolist() == list(range(60, 90))
    assert first_train.tolist() == list(range(51))
    assert [p.name for p in split.report.periods][:3] == [
        "development",
        "fold 1 training",
        "fold 1 evaluation",
    ]
    test = split.report.periods[-1]
    assert (test.rows, test.leads, test.first, test.last) == (40, 20, 160 * DAY, 199 * DAY)
    assert test.positives == int(forward_table.outcome[160:].sum())


def test_grouped_rows_leave_the_training_side_not_the_newest_period(make_table):
    n = 200
    lead, account = np.arange(n), np.full(n, -1)
    lead[10] = 190
    account[[20, 21, 180]] = 5
    table = make_table(np.arange(n), np.arange(n) % 2, lead, account)
    split = forward_split(table, SETTINGS)
    assert split.report.grouped == 3
    assert len(split.test) == 40
    assert not {10, 20, 21} & set(split.development)


def test_grouped_leads_are_removed_by_plan_whether_or_not_they_stayed_open(make_table):
    n = 200
    planned = np.arange(n)
    planned[[10, 11]] = [160, 159]  # the newest period starts at 160
    split = forward_split(
        make_table(np.arange(n), np.arange(n) % 2, planned_until=planned), SETTINGS
    )
    assert split.report.grouped == 1
    assert set(range(160)) - set(split.development) == {10}


def test_grouped_accounts_go_with_an_older_lead_that_is_looked_at_into_the_block(make_table):
    n = 200
    planned, account = np.arange(n), np.full(n, -1)
    account[[20, 21]], account[[30, 31]] = 5, 6
    planned[[21, 31]] = [165, 80]
    table = make_table(np.arange(n), np.arange(n) % 2, account=account, planned_until=planned)
    split = forward_split(table, SETTINGS)
    assert set(range(160)) - set(split.development) == {20, 21}
    start = table.position[split.folds[0][1]].min()
    assert start == 65
    assert set(range(65)) - set(split.folds[0][0]) == {20, 21, 30, 31}


def constant_hazard(make_table, seed, *, leads=6000, horizon=30, max_age=180, per_lead=4):
    """Leads looked at weekly while open; each month of being open the same share becomes an SQL."""
    random = np.random.default_rng(seed)
    created = random.uniform(0, 900, leads)
    converts = created + random.exponential(horizon / 0.18, leads)
    ages = 7.0 * random.permuted(np.tile(np.arange(max_age // 7 + 1), (leads, 1)), axis=1)
    at = created[:, None] + ages[:, :per_lead]
    lead, drawn = np.nonzero(at < np.minimum(converts, 900 - horizon)[:, None])
    position = at[lead, drawn]
    last = created + ages[:, :per_lead].max(axis=1)
    return make_table(
        (position * DAY).astype(np.int64),
        converts[lead] <= position + horizon,
        lead,
        planned_until=(last[lead] * DAY).astype(np.int64),
        horizon=horizon * DAY,
    )


def test_forward_split_does_not_look_at_outcomes_every_side_has_the_same_rate(make_table):
    truth = 1 - np.exp(-0.18)
    tables = [constant_hazard(make_table, seed) for seed in range(8)]
    splits = [forward_split(table, TrainingSettings(minimum_outcomes=2)) for table in tables]
    assert all(split.report.forward_folds for split in splits)
    for side in range(1 + 2 * 4 + 1):  # development, training and block of four folds, test
        periods = [split.report.periods[side] for split in splits]
        rows, positives = sum(p.rows for p in periods), sum(p.positives for p in periods)
        error = np.sqrt(1.5 * truth * (1 - truth) / rows)  # a lead's snapshots are alike
        assert abs(positives / rows - truth) < 3 * error, (periods[0].name, positives / rows)


def test_forward_by_rows_has_no_horizon(make_table):
    table = make_table(np.arange(100), np.arange(100) % 2, horizon=90, ordered_by="rows")
    assert len(forward_split(table, SETTINGS).development) == 80


def test_without_order_rows_are_spread_by_hash_the_same_each_time(make_table):
    table = make_table(np.zeros(200), np.arange(200) % 2, ordered_by="nothing")
    one, two = forward_split(table, SETTINGS), forward_split(table, SETTINGS)
    assert one.test.tolist() == two.test.tolist()
    assert len(one.test) == 40
    assert one.test.min() < 100 < one.test.max()


def test_folds_too_small_to_train_on_are_left_out(make_table):
    n = 100
    outcome = (np.arange(n) % 2 == 1) & (np.arange(n) > 40)  # nothing to learn before row 41
    table = make_table(np.arange(n), outcome)
    folds = forward_split(table, SETTINGS).folds
    assert [block[0] for _, block in folds] == [48, 64]


def test_short_history_says_what_there_is_and_what_is_needed(make_table):
    n = 300
    position = np.arange(n) * DAY * 100 // n
    table = make_table(position, np.arange(n) % 2, horizon=90 * DAY)
    with pytest.raises(TooLittleData) as error:
        forward_split(table, SETTINGS)
    message = str(error.value)
    assert "over 100 days with a horizon of 90 days" in message
    assert "about 394 days of mature snapshots" in message  # 90 * (2 / 0.8 + 1) / 0.8
    assert "shorten `outcome.horizon`" in message


def test_leads_looked_at_for_long_need_more_history_and_the_error_says_so(make_table):
    n = 300
    position = np.arange(n) * DAY * 100 // n
    planned = position + 95 * DAY
    table = make_table(position, np.arange(n) % 2, planned_until=planned, horizon=20 * DAY)
    with pytest.raises(TooLittleData) as error:
        forward_split(table, SETTINGS)
    assert "looked at for up to 95 days" in str(error.value)
    assert "about 416 days of mature snapshots" in str(error.value)  # 95 * (2 / 0.8 + 1) / 0.8
    assert "`snapshots.max_age`" in str(error.value)


def test_history_too_short_for_forward_folds_has_grouped_ones_and_a_forward_test(make_table):
    n = 300
    position = np.arange(n) * DAY * 100 // n
    account = np.where(np.arange(n) % 3, np.arange(n) // 5, -1)
    table = make_table(position, np.arange(n) % 2, account=account, horizon=60 * DAY)
    split = forward_split(table, SETTINGS)
    assert not split.report.forward_folds
    assert table.position[split.development].max() + 60 * DAY <= table.position[split.test].min()
    for train, block in split.folds:
        assert not set(table.lead_id[train]) & set(table.lead_id[block])
        assert not (set(table.account_id[train]) & set(table.account_id[block])) - {""}
    evaluated = np.concatenate([block for _, block in split.folds])
    assert sorted(evaluated) == sorted(split.development)


@pytest.mark.parametrize("horizon", [20, 60, 90])
def test_the_history_said_to_be_needed_is_enough(make_table, horizon):
    days = history_needed(horizon, SETTINGS)
    n = 2000
    table = make_table(np.arange(n) * days // n, np.arange(n) % 2, horizon=horizon)
    assert forward_split(table, SETTINGS).folds


def test_one_instant_is_no_order(make_table):
    table = make_table(np.zeros(100), np.arange(100) % 2)
    with pytest.raises(TooLittleData, match="same instant"):
        forward_split(table, SETTINGS)


def test_mostly_one_instant_keeps_the_rest_for_the_test(make_table):
    position = np.repeat([0, 1], [90, 10])
    split = forward_split(make_table(position, np.arange(100) % 2), SETTINGS)
    assert list(split.test) == list(range(90, 100))
    assert not split.report.forward_folds


@pytest.mark.parametrize("value", [0, 1])
def test_one_outcome_only(make_table, value):
    table = make_table(np.arange(100), np.full(100, value))
    with pytest.raises(TooLittleData, match="at least 2 leads of either outcome"):
        forward_split(table, SETTINGS)


def test_newest_period_without_positives(make_table):
    outcome = (np.arange(100) % 2 == 1) & (np.arange(100) < 70)
    with pytest.raises(TooLittleData, match=r"newest 20 snapshots.* 0 positive"):
        forward_split(make_table(np.arange(100), outcome), SETTINGS)
