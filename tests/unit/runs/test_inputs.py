import pytest

from predictive_scoring.config import Config
from predictive_scoring.errors import UsageError
from predictive_scoring.model import BaseRateModel, Calibration, ModelBundle
from predictive_scoring.records import FeatureColumn, FeatureSpec
from predictive_scoring.runs.inputs import require_inputs

LEADS = {
    "file": "leads.csv", "created_at": "at", "account_id": "account", "market": "country",
    "profile": {"industry": "category"},
}  # fmt: skip
EVENTS = {
    "file": "events.csv", "lead_id": "lead", "occurred_at": "at", "type": "type", "topic": "topic",
}  # fmt: skip
COLUMNS = {
    "sources.leads.profile.industry": FeatureColumn(
        "industry", "category", "fit", "profile", "profile", "industry"
    ),
    "sources.leads.market": FeatureColumn(
        "market", "category", "market", "profile", "leads", "market"
    ),
    "sources.leads.account_id": FeatureColumn(
        "account_known", "number", "account", "account", "accounts", "others", "known"
    ),
    "sources.events": FeatureColumn("any_count_7d", "number", "engagement", "count", "events"),
    "sources.events.topic": FeatureColumn(
        "topic_x_count_7d", "number", "engagement", "count", "events", "topic", "x"
    ),
}


def config(without: str = "", **outcome: object) -> Config:
    leads, events = dict(LEADS), dict(EVENTS)
    name = without.rpartition(".")[2]
    if without.startswith("sources.leads.profile"):
        leads["profile"] = {"size": "number"}
    elif without.startswith("sources.leads"):
        del leads[name]
    elif without.startswith("sources.events."):
        del events[name]
    sources = {"leads": leads, "stages": {"file": "s.csv", "lead_id": "l", "stage": "s",
                                          "entered_at": "at"}}  # fmt: skip
    if without != "sources.events":
        sources["events"] = events
    return Config.model_validate({"company": "C", "sources": sources, "outcome": outcome})


def bundle(*columns: FeatureColumn) -> ModelBundle:
    return ModelBundle(BaseRateModel(-2.0), FeatureSpec(columns), {}, Calibration(), 90)


def test_all_inputs_there():
    require_inputs(bundle(*COLUMNS.values()), config())


@pytest.mark.parametrize("missing", COLUMNS)
def test_an_input_no_longer_declared_is_named(missing):
    with pytest.raises(UsageError, match=missing) as error:
        require_inputs(bundle(*COLUMNS.values()), config(without=missing))
    assert "train again" in error.value.todo


def test_a_column_of_another_type_is_named():
    column = FeatureColumn("industry", "number", "fit", "profile", "profile", "industry")
    with pytest.raises(UsageError, match=r"profile\.industry as a number"):
        require_inputs(bundle(column), config())


def test_another_horizon_asks_another_question():
    with pytest.raises(UsageError, match=r"horizon 90 \(now 30\)"):
        require_inputs(bundle(), config(horizon=30))
