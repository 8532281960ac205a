import csv
import hashlib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from predictive_scoring.demo import EXTRACT_AT, DemoCompany, dirt, simulate, truth
from predictive_scoring.errors import UsageError

DUPLICATE_CREATED_AT = dirt.LEADS[0].text.split(",")[1]


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    simulate(1_500, 7, first)
    simulate(1_500, 7, again)
    simulate(1_500, 8, other)
    assert len(digests(first)) == 7
    assert digests(first) == digests(again)
    assert not set(digests(first).values()) & set(digests(other).values())


def test_rows_are_counted_as_they_stand_in_the_files(small: DemoCompany) -> None:
    for file in small.files:
        if file.path.suffix == ".parquet":
            found = pq.ParquetFile(file.path).metadata.num_rows
        else:
            with file.path.open(encoding="utf-8", newline="") as text:
                found = sum(1 for _ in csv.reader(text)) - 1
        assert found == file.rows, file.table
    assert small.file("leads").rows == 3_000 + 5
    assert {file.table for file in small.files} == {
        "leads", "events", "stages", "activities", "changes", "truth",
    }  # fmt: skip


def test_blocks_make_one_company(large: DemoCompany) -> None:
    with large.file("leads").path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    ids = [row[0] for row in rows]
    clean = [lead for lead in ids if lead[1:].isdigit()]
    expected = [f"L{number:07d}" for number in range(1, 60_001)]
    assert sorted(clean) == sorted([*expected, "L0000001"])
    genders = [row[13] for row in rows if row[0][1:].isdigit() and row[1] != DUPLICATE_CREATED_AT]
    same = np.array(genders[:30_000]) == np.array(genders[30_000:])
    assert 0.3 < same.mean() < 0.5
    assert pq.ParquetFile(large.file("events").path).num_row_groups == 2


def test_progress_goes_from_nothing_to_everything(tmp_path: Path) -> None:
    calls: list[tuple[str, float]] = []
    simulate(10, 1, tmp_path, progress=lambda stage, done: calls.append((stage, done)))
    assert calls == [("simulate", 0.0), ("simulate", 1.0)]


@pytest.mark.parametrize(("leads", "seed"), [(0, 1), (-5, 1), (9_000_001, 1), (10, -1)])
def test_impossible_wishes_are_refused(tmp_path: Path, leads: int, seed: int) -> None:
    with pytest.raises(UsageError) as refused:
        simulate(leads, seed, tmp_path / "out")
    assert refused.value.expected
    assert refused.value.todo
    assert not (tmp_path / "out").exists()


def test_a_failing_block_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(truth, "truth", fail)
    with pytest.raises(RuntimeError):
        simulate(50, 1, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_company_knows_its_extract(small: DemoCompany) -> None:
    assert small.extract_at == EXTRACT_AT
    assert small.extract_at.isoformat() == "2026-10-31T23:00:00+00:00"
    assert (small.leads, small.seed) == (3_000, 11)
