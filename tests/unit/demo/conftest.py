"""Two simulated companies: a small one, and one large enough to measure frequencies."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from predictive_scoring.demo import DemoCompany, simulate


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> DemoCompany:
    return simulate(3_000, 11, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> DemoCompany:
    """Two blocks."""
    return simulate(60_000, 5, tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="session")
def read() -> Callable[[Path], pa.Table]:
    """Read a CSV file, all text; rows with too many or too few fields are skipped."""

    def read_csv(path: Path) -> pa.Table:
        with path.open(encoding="utf-8") as file:
            names = file.readline().strip().replace('"', "").split(",")
        parse = pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda _: "skip")
        convert = pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        )
        return pa_csv.read_csv(path, parse_options=parse, convert_options=convert)

    return read_csv
