"""Which files of a folder are looked at."""

import os

import pytest

from predictive_scoring.errors import DataError
from predictive_scoring.proposal.files import find_files


def touch(*files):
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a,b\n1,2\n", encoding="utf-8")


def test_one_level_of_subfolders_and_known_suffixes(tmp_path):
    names = ["leads.csv", "e.CSV.GZ", "s.tsv", "t.txt", "p.parquet", "sub/x.csv"]
    touch(*(tmp_path / name for name in names))
    touch(tmp_path / "sub/deep/y.csv", tmp_path / ".hidden.csv", tmp_path / "readme.md")
    found = {file.relative_to(tmp_path).as_posix() for file in find_files(tmp_path).files}
    assert found == set(names)


def test_other_data_files_are_said(tmp_path):
    touch(tmp_path / "leads.xlsx", tmp_path / "a.csv")
    found = find_files(tmp_path)
    assert [file.name for file in found.files] == ["a.csv"]
    assert found.unknown == (
        "file 'leads.xlsx': not a CSV or Parquet file; export it as CSV to have it read",
    )


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    assert find_files(tmp_path).files == ()


def test_a_single_file(tmp_path):
    touch(tmp_path / "a.data")
    assert find_files(tmp_path / "a.data").files == (tmp_path / "a.data",)


def test_no_such_folder(tmp_path):
    with pytest.raises(DataError) as error:
        find_files(tmp_path / "nowhere")
    assert error.value.expected
    assert error.value.todo
