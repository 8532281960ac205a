import csv
import io

import pytest

from predictive_scoring.config import Config
from predictive_scoring.records import Candidate
from predictive_scoring.registry.training_run import candidates_csv, flat_params


def config(**sources: object) -> Config:
    return Config.model_validate(
        {
            "company": "Essai",
            "registry": {"uri": "http://ana:hunter2@127.0.0.1:5000"},
            "sources": {
                "leads": {
                    "url": "postgresql://ana:hunter2@host/crm?password=hunter3",
                    "table": "leads",
                    "order": "rows",
                    **sources,
                }
            },
            "outcome": {"column": "won", "positive": ["oui", "yes"], "negative": ["no"]},
        }
    )


def test_parameters_are_the_configuration_flattened() -> None:
    params = flat_params(config())
    assert params["company"] == "Essai"
    assert params["training.test_share"] == "0.2"
    assert params["outcome.positive"] == '["oui", "yes"]'
    assert "base" not in params
    assert "time_zone" not in params


@pytest.mark.parametrize("password", ["hunter2", "hunter2/hunter4", "hunter2@hunter4"])
def test_parameters_hold_no_password(password: str) -> None:
    params = flat_params(config(url=f"postgresql://ana:{password}@host/crm?password=hunter3"))
    assert params["sources.leads.url"] == "postgresql://host/crm"
    assert params["registry.uri"] == "http://127.0.0.1:5000"
    assert "hunter" not in str(params)


def test_names_mlflow_would_refuse_are_spelt_out() -> None:
    params = flat_params(config(profile={"a%b": "number", "../c": "flag", "a&b": "category"}))
    types = {k: v for k, v in params.items() if k.endswith(".type") and "profile" in k}
    assert sorted(types.values()) == ["category", "flag", "number"]
    assert not any("/" in key or "%" in key for key in params)


def test_candidates_table_is_exact() -> None:
    text = candidates_csv([Candidate("lightgbm", 0.1 + 0.2, 0.01, (1 / 3, 0.5), True, "a, b")])
    (row,) = csv.DictReader(io.StringIO(text))
    assert float(row["log_loss"]) == 0.1 + 0.2
    assert [float(x) for x in row["fold_losses"].split()] == [1 / 3, 0.5]
    assert (row["chosen"], row["note"]) == ("True", "a, b")
