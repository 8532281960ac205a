import time

import pytest

from predictive_scoring.sinks.locks import held, pass_by


def soon():
    return time.monotonic() + 0.05


def test_one_holder_at_a_time(tmp_path):
    file = tmp_path / "lock"
    with held(file, soon()), pytest.raises(TimeoutError), held(file, soon()):
        pass

    with held(file, soon()):
        pass


def test_passing_by_waits_for_the_holder(tmp_path):
    file = tmp_path / "lock"
    pass_by(file, soon())  # never held so far

    with held(file, soon()), pytest.raises(TimeoutError):
        pass_by(file, soon())
    pass_by(file, soon())


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError), held(tmp_path / "none" / "lock", soon()):
        pass
