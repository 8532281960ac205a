import pyarrow as pa

from predictive_scoring.config.contract import ContractSettings
from predictive_scoring.contract.teams import team_names

PARIS = {"time_zone": "Europe/Paris"}


def names(owners, markets, **teams):
    contract = ContractSettings.model_validate({"teams": teams})
    found = team_names(pa.array(owners, pa.string()), pa.array(markets, pa.string()), contract)
    return found.to_pylist()


def test_the_owner_comes_before_the_market():
    teams = {
        "north": {**PARIS, "markets": ["BE", "NL"], "owners": ["ann"]},
        "south": {**PARIS, "markets": ["IT"]},
    }
    owners, markets = ["ann", "bob", None, "ann", None, ""], ["IT", "IT", "NL", None, None, "FR"]
    assert names(owners, markets, **teams) == ["north", "south", "north", "north", "", ""]


def test_a_team_without_people_and_markets_has_the_rest():
    south = {**PARIS, "markets": ["IT"]}
    assert names(["x", None], ["IT", "FR"], south=south, rest=PARIS) == ["south", "rest"]
    assert names([None], ["FR"], only=PARIS) == ["only"]
    assert names([None], ["FR"]) == [""]
