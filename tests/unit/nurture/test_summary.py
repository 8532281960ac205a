from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring import nurture
from predictive_scoring.errors import ReconcileError
from predictive_scoring.records import NextActions, NurtureLead

SCORED = pa.table({
    "lead_id": list("abcd"), "probability": [0.1, 0.2, 0.02, 0.3],
    "tier": ["nurture", "nurture", "cold", "nurture"],
})  # fmt: skip
ON_TRACK = pa.table({
    "lead_id": list("abcd"), "track": ["air", "", "", "air"], "topic": ["filters", "", "", ""],
    "content": ["guide", "", "", ""],
})  # fmt: skip
CHANGES = np.array([[0.05, 0.01], [-0.01, 0.0], [0.3, 0.3], [0.1, 0.2]])
ALLOWED = np.array([[1, 1], [1, 1], [0, 0], [0, 1]], dtype=bool)


@pytest.fixture
def config(history: Any, configured: Any) -> Any:
    actions = {"webinar": {"event": "webinar"}, "fair": {"event": "fair"}}
    return configured(history(), nurture={"actions": actions})


def _chosen() -> NextActions:
    base = SCORED["probability"].to_numpy()
    return nurture.choose(base, base[:, None] + CHANGES, ALLOWED)


def test_each_lead(config: Any) -> None:
    rows = nurture.lead_rows(config, SCORED, ON_TRACK, _chosen(), "en")
    leads = [NurtureLead(**row) for row in rows.to_pylist()]
    assert [lead.action for lead in leads] == ["webinar", "", "", "fair"]
    assert [lead.points for lead in leads] == pytest.approx([5, 0, 0, 20])
    assert [lead.note for lead in leads] == [
        "", "no action is expected to raise its probability", "no action is left for this lead", "",
    ]  # fmt: skip
    assert (leads[0].track, leads[0].topic, leads[0].content) == ("air", "filters", "guide")
    french = nurture.lead_rows(config, SCORED, ON_TRACK, _chosen(), "fr")["note"].to_pylist()
    assert french[2] == "plus aucune action à proposer à ce prospect"


def test_altogether(config: Any, day: Callable[..., Any]) -> None:
    rows = nurture.lead_rows(config, SCORED, ON_TRACK, _chosen(), "en")
    found = nurture.summarise(config, day(9), rows, CHANGES, ALLOWED, None)
    assert found.leads == 4
    assert found.tracks == (("", "cold", 1), ("", "nurture", 1), ("air", "nurture", 2))
    assert [(a.name, a.possible, a.best) for a in found.actions] == [
        ("webinar", 2, 1),
        ("fair", 3, 1),
    ]
    assert [a.mean_points for a in found.actions] == pytest.approx([2, 7])
    assert found.without_action == 2


def test_other_leads_are_refused(config: Any) -> None:
    with pytest.raises(ReconcileError):
        nurture.lead_rows(config, SCORED, ON_TRACK.take([1, 0, 2, 3]), _chosen(), "en")


@pytest.mark.parametrize(("lang", "word"), [("en", "association"), ("fr", "corrélation")])
def test_the_warning(lang: str, word: str) -> None:
    assert word in nurture.association(lang)
