"""The configurations of the real data sets beside the checkout pass their check."""

import json
from pathlib import Path

import pytest

CONFIGS = Path(__file__).resolve().parents[2] / "configs"

pytestmark = pytest.mark.real_data


@pytest.mark.parametrize(
    ("name", "shape", "leads"), [("bank", "flat", 41_188), ("olist", "relational", 8_000)]
)
def test_check_passes(cli, shared_data, name, shape, leads):
    assert shared_data.is_dir()
    result = cli("check", "--config", CONFIGS / f"{name}.yaml", "--json").json()
    assert result["problems"] == []
    assert result["shape"] == shape
    counts = {count["table"]: count for count in result["sources"]}
    assert counts["leads"]["records"] == leads
    assert all(
        c["records"] == c["loaded"] + c["quarantined"] + c["set_aside"] for c in counts.values()
    )
    assert result["labels"]["positive"] > 100
    assert "duration" not in json.dumps(result["labels"])
