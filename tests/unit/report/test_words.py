from collections.abc import Callable
from dataclasses import replace

import pytest

from predictive_scoring.records import Evaluation, GainsPoint, ReliabilityBin
from predictive_scoring.report import ReportInputs, verdict
from predictive_scoring.report.words import limits, statements, verdict_kind

Make = Callable[..., ReportInputs]


def said(inputs: ReportInputs) -> str:
    return verdict(inputs).replace("\u202f", " ")


def test_the_verdict_says_the_figures_in_words(make: Make) -> None:
    text = said(make())
    assert "the 1,000 most recent leads this model had never seen, 14 % became SQLs" in text
    assert "within 90 days" in text
    assert "best tenth by score held 38 % of all SQLs (between 33 % and 43 %): 3.8 times" in text
    assert "it said 30 % on average, and 28 % became SQLs (between 25 % and 31 %)" in text
    assert "can be taken as said" in text
    assert len(statements(make())) == 3


def test_the_verdict_names_the_outcome_and_counts_looks(make: Make, evaluation: Evaluation) -> None:
    text = said(make(success="deal", evaluation=replace(evaluation, leads=400)))
    assert "Of 1,000 looks at the 400 most recent leads" in text
    assert "SQL" not in text


def test_leads_drawn_by_lot_are_not_called_recent(make: Make) -> None:
    inputs = make()
    by_lot = make(snapshots=replace(inputs.snapshots, ordered_by="nothing"))
    assert "most recent" not in said(by_lot)
    assert "drawn by lot" in said(by_lot)
    assert "90 days" not in said(by_lot)
    assert any("no order in time" in limit for limit in limits(by_lot))
    by_rows = make(snapshots=replace(inputs.snapshots, ordered_by="rows"))
    assert "most recent" in said(by_rows)
    assert any("no dates" in limit for limit in limits(by_rows))


def test_scores_no_better_than_chance_are_called_so(make: Make, evaluation: Evaluation) -> None:
    chance = replace(evaluation, gains=(GainsPoint(0.1, 0.13, 1.3, 0.08, 0.18),))
    assert "not yet of use" in said(make(evaluation=chance))
    assert verdict_kind(chance) == "poor"
    assert verdict_kind(evaluation) == "good"


@pytest.mark.parametrize(
    ("predicted", "words"),
    [(0.4, "promised too much"), (0.2, "promised too little"), (0.3, "taken as said")],
)
def test_the_verdict_judges_the_highest_predictions(
    make: Make, evaluation: Evaluation, predicted: float, words: str
) -> None:
    bins = (ReliabilityBin(0.1, 0.5, 0.4, 0.6, 9), ReliabilityBin(predicted, 0.3, 0.25, 0.35, 9))
    assert words in said(make(evaluation=replace(evaluation, reliability=bins)))


def test_the_verdict_of_an_empty_evaluation_claims_nothing(make: Make) -> None:
    text = said(make(evaluation=Evaluation(0, 0, 0, (), (), ())))
    assert "best" not in text
    assert "\u2013 became" in text
    assert verdict_kind(Evaluation(0, 0, 0, (), (), ())) == "poor"


def test_the_limits_begin_with_what_these_data_lack(make: Make) -> None:
    text = " ".join(limits(make()))
    assert "1,013 snapshots of leads that sales never worked" in text
    assert "2,101 snapshots were too recent" in text
    assert "Fewer than 30 SQLs were seen in 1 market (Italy)" in text
    assert "not recorded" not in text
