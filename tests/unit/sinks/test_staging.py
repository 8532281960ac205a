import pytest

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks.staging import staging_folder


def test_the_folder_is_empty_and_gone_afterwards(path):
    with staging_folder(path, wait=1) as folder:
        assert list(folder.iterdir()) == []
        (folder / "1.parquet").write_bytes(b"x")

    assert not folder.exists()


def test_what_a_killed_run_left_is_cleared(path):
    left = path.with_name(".scores.duckdb.parts")
    left.mkdir()
    (left / "1.parquet").write_bytes(b"x")

    with staging_folder(path, wait=1) as folder:
        assert list(folder.iterdir()) == []


def test_one_run_at_a_time(path):
    with (
        staging_folder(path, wait=1) as folder,
        pytest.raises(StoreError, match="another run"),
        staging_folder(path, wait=0.1),
    ):
        pass
    assert not folder.exists()


def test_stores_side_by_side_do_not_wait_for_each_other(path):
    with staging_folder(path, wait=1), staging_folder(path.with_name("b.duckdb"), wait=0.1):
        pass
