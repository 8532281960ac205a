from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from predictive_scoring.demo.dirt import CLEAN_ROWS_BEFORE, Dirt
from predictive_scoring.demo.write import MANIFEST, CsvFile, Folder, ParquetFile
from predictive_scoring.errors import UsageError

NAMES = ("a.csv", "b.csv")


def table(first: int, rows: int) -> pa.Table:
    return pa.table({"n": list(range(first, first + rows))})


def fill(out: Path, *texts: str | None) -> None:
    """Write the texts to the files, one each; fails at a text that is None."""
    with Folder(out, NAMES, {"seed": 1}) as folder:
        for name, text in zip(NAMES, texts, strict=True):
            folder.partial(name).write_text(text)  # type: ignore[arg-type]


def test_csv_has_one_header_and_its_dirt_on_the_line_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    file = CsvFile(path)
    line = file.append(table(0, 150), [Dirt("x", "dirty,1"), Dirt("y", "dirty,2")])
    file.append(table(150, 50))
    file.close()
    lines = path.read_text().splitlines()
    assert lines[line - 1 : line + 1] == ["dirty,1", "dirty,2"]
    assert line == CLEAN_ROWS_BEFORE + 2
    assert [row for row in lines if not row.startswith("dirty")] == ['"n"', *map(str, range(200))]
    assert file.rows == 202


def test_parquet_has_its_dirt_on_the_row_told(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    file = ParquetFile(path, table(0, 1).schema)
    row = file.append(table(0, 130), table(-2, 2))
    file.append(table(130, 20))
    file.close()
    values = pq.read_table(path)["n"].to_pylist()
    assert values[row - 1 : row + 1] == [-2, -1]
    assert [n for n in values if n >= 0] == list(range(150))
    assert file.rows == 152
    assert pq.ParquetFile(path).num_row_groups == 2


def test_own_files_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    fill(out, "first", "first")
    fill(out, "second", "second")
    assert (out / "a.csv").read_text() == "second"
    assert sorted(file.name for file in out.iterdir()) == sorted([*NAMES, MANIFEST])


@pytest.mark.parametrize("manifest", [None, "", "[]", '{"files": ["a.csv"]}'])
def test_foreign_files_are_refused_and_kept(tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / MANIFEST).write_text(manifest)
    (tmp_path / "b.csv").write_text("mine")
    with pytest.raises(UsageError, match=r"b\.csv .* not written by a simulation"):
        fill(tmp_path, "theirs", "theirs")
    assert (tmp_path / "b.csv").read_text() == "mine"
    assert not (tmp_path / "a.csv").exists()


def test_files_of_other_names_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    fill(tmp_path, "theirs", "theirs")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        fill(tmp_path / "out", "x", "x")


def test_a_failure_leaves_the_earlier_files_and_no_rest(tmp_path: Path) -> None:
    fill(tmp_path, "first", "first")
    with pytest.raises(TypeError):
        fill(tmp_path, "second", None)
    assert (tmp_path / "a.csv").read_text() == "first"
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([*NAMES, MANIFEST])
