from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from predictive_scoring.errors import StoreError
from predictive_scoring.registry.connect import default_uri, is_database, reaching


@pytest.mark.parametrize("name", ["plain", "a b", "é", "50%20", "a?b", "a#b", "a&b=c"])
def test_the_default_database_lies_in_the_folder(name: str) -> None:
    folder = Path("/models") / name
    assert make_url(default_uri(folder)).database == str(folder / "mlflow.db")


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("sqlite:////x/mlflow.db", True),
        ("postgresql+psycopg://host/db", True),
        ("http://127.0.0.1:5000", False),
        ("databricks", False),
    ],
)
def test_databases_are_told_from_servers(uri: str, expected: bool) -> None:
    assert is_database(uri) is expected


@pytest.mark.parametrize("password", ["hunter2", "hunter2/3", "hunter2@3", "hunter2/@3"])
def test_neither_the_uri_nor_the_answer_shows_a_password(password: str) -> None:
    uri = f"postgresql://ana:{password}@host/db"
    with pytest.raises(StoreError) as caught, reaching(uri):
        raise ConnectionError(f"no answer from {uri} with {password}\nand more")
    assert "postgresql://host/db: no answer from" in caught.value.found
    assert "hunter" not in str(caught.value)
    assert "@3" not in str(caught.value)


def test_what_the_disk_answers_has_three_parts() -> None:
    with pytest.raises(StoreError) as caught, reaching("sqlite:////x/mlflow.db"):
        raise PermissionError(13, "Permission denied", "//u:secret@/x")
    assert "Permission denied" in caught.value.found
    assert "secret" not in str(caught.value)
    assert caught.value.expected
    assert caught.value.todo


def test_a_fault_of_our_own_is_not_hidden() -> None:
    with pytest.raises(KeyError), reaching("sqlite:////x/mlflow.db"):
        raise KeyError("x")
