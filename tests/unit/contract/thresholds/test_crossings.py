from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from predictive_scoring.contract.thresholds.crossings import WEEK, first_crossings
from predictive_scoring.records import Looks

# Few different values, so that ties are common.
ROWS = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]),
        st.sampled_from([0.0, 1.0, float("nan")]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=40,
)


def history(rows: list[tuple[int, float, float, bool, bool]]) -> Looks:
    rows = sorted(rows, key=lambda row: row[0])
    lead = np.array([row[0] for row in rows], dtype=np.int64)
    return Looks(
        lead=lead,
        account=lead // 2,
        market=np.array([""] * len(rows), dtype=object),
        position=np.arange(len(rows)) * WEEK // 3,
        probability=np.array([row[1] for row in rows], dtype=np.float64),
        outcome=np.array([row[2] for row in rows], dtype=np.float64),
        eligible=np.array([row[3] for row in rows], dtype=bool),
        counted=np.array([row[4] for row in rows], dtype=bool),
        days=7.0 * (len(rows) // 3 + 1),
    )


def handed_over_by_hand(looks: Looks, threshold: float) -> list[int]:
    """The looks that hand a lead over, one look after the other."""
    seen, rows = set(), []
    for i in range(len(looks)):
        lead = int(looks.lead[i])
        if looks.eligible[i] and looks.probability[i] >= threshold and lead not in seen:
            seen.add(lead)
            if looks.counted[i]:
                rows.append(i)
    return rows


@given(ROWS)
def test_every_threshold_has_the_first_crossings_of_a_loop_over_leads(
    rows: list[tuple[int, float, float, bool, bool]],
) -> None:
    looks = history(rows)
    # The position stands in for the row, to tell which look it is.
    crossings = first_crossings(replace(looks, outcome=np.arange(len(looks), dtype=np.float64)))
    thresholds = np.array([0.0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1.0])
    volume = crossings.volume(thresholds)
    summed = crossings.total(crossings.outcome, thresholds)
    for i, threshold in enumerate(thresholds):
        expected = handed_over_by_hand(looks, threshold)
        found = crossings.outcome[crossings.at(threshold)]
        assert sorted(found.astype(int)) == expected
        assert volume[i] == len(expected)
        assert summed[i] == sum(expected)


@given(ROWS)
def test_the_thresholds_are_the_distinct_probabilities_from_the_highest_down(
    rows: list[tuple[int, float, float, bool, bool]],
) -> None:
    crossings = first_crossings(history(rows))
    assert list(crossings.thresholds()) == sorted(set(crossings.probability), reverse=True)


@given(ROWS)
def test_accounts_leads_and_weeks_are_counted(
    rows: list[tuple[int, float, float, bool, bool]],
) -> None:
    looks = history(rows)
    crossings = first_crossings(looks)
    assert crossings.leads == len(set(looks.lead[looks.counted]))
    pairs = {(a, p) for a, p in zip(looks.account, looks.lead, strict=True)}
    everyone = first_crossings(
        replace(looks, counted=looks.counted | True, eligible=looks.eligible | True)
    )
    assert everyone.clustered == (len(pairs) > len({a for a, _ in pairs}))
    assert sorted(set(everyone.account)) == list(range(len({a for a, _ in pairs})))
    assert everyone.weeks == len(rows) // 3 + 1
    assert sorted(everyone.week) == sorted(
        (looks.position[i] // WEEK) for i in rows_that_rise(looks)
    )


def rows_that_rise(looks: Looks) -> list[int]:
    best: dict[int, float] = {}
    rows = []
    for i in range(len(looks)):
        lead, p = int(looks.lead[i]), float(looks.probability[i])
        if p > best.get(lead, -1):
            best[lead] = p
            rows.append(i)
    return rows


def test_a_crossing_before_the_period_is_not_repeated_in_it() -> None:
    looks = history([(0, 0.5, 0, True, False), (0, 0.75, 1, True, True), (0, 0.5, 1, True, True)])
    crossings = first_crossings(looks)
    assert list(crossings.volume(np.array([0.75, 0.6, 0.5]))) == [1, 1, 0]


def test_a_lead_that_is_not_eligible_crosses_nothing() -> None:
    looks = history([(0, 0.75, 1, False, True), (0, 0.5, 1, True, True)])
    assert list(first_crossings(looks).volume(np.array([0.75, 0.5]))) == [0, 1]
