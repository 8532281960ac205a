"""What is secret in a URL stands in nothing that is shown, however it was written."""

import pytest

from predictive_scoring.config.secrets import masked, without_secrets

WRITTEN = [
    "postgresql://ana:hunter2@host/db",
    "postgresql://ana:hunter2/hunter3@host/db",
    "postgresql://ana:hunter2@hunter3@host/db",
    "postgresql://ana:hunter2#hunter3@host/db?sslmode=require",
    "postgresql://ana:hunter2:hunter3@host/db",
    "postgresql://ana/team:hunter2@host/db",
    "postgresql+psycopg://ana:hunter%402@host/db",
    "http://hunter2@host/db",
    "postgresql://ana@host/db?password=hunter2",
    "https://host/db?token=hunter2#hunter3",
]
IN_DOUBT = [
    "postgresql://ana:hunter2?hunter3@host/db",
    "postgresql://ana@host/db?password=hunter2@hunter3",
    "postgresql://ana:hunter1@host/db?password=hunter2@hunter3",
    "postgresql://ana:hunter1?hunter2@hunter3@host/db?a=hunter@4",
    "postgresql:/ana:hunter2@host/db",
    "ana:hunter2@host?token=hunter3",
    "postgresql:///ana:hunter2@host?a=b@c",
]


@pytest.mark.parametrize("url", WRITTEN)
def test_a_url_is_shown_without_user_password_and_query(url: str):
    assert masked(url) == f"{url.partition('://')[0]}://host/db"


@pytest.mark.parametrize("url", IN_DOUBT)
def test_a_url_whose_parts_are_in_doubt_is_not_shown(url: str):
    assert "hunter" not in masked(url)
    assert "not shown" in masked(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////x/a@b/mlflow.db", "sqlite:////x/a@b/mlflow.db"),
        ("sqlite:///crm.db?mode=ro", "sqlite:///crm.db"),
        ("mssql+pyodbc:///?odbc_connect=PWD%3Dhunter2", "mssql+pyodbc:///"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("postgresql:///ana:hunter2@host", "postgresql://host"),
        ("databricks", "databricks"),
        ("models/a", "models/a"),
    ],
)
def test_what_holds_no_secret_is_shown_as_it_is(url: str, expected: str):
    assert masked(url) == expected


@pytest.mark.parametrize("url", [*WRITTEN, *IN_DOUBT])
def test_an_answer_is_shown_without_the_secrets_of_the_url(url: str):
    pieces = ["hunter%402", "hunter@2", "hunter1", "hunter2", "hunter3", "hunter2/hunter3"]
    tried = " and ".join(piece for piece in pieces if piece in url)
    said = without_secrets(f"no answer from {url}; tried {tried}", url)
    assert "hunter" not in said
    assert said.startswith(f"no answer from {masked(url)}; tried ***")


def test_what_was_said_of_another_url_is_shown_without_its_secrets_too():
    said = without_secrets("denied: //u:a/hunter2@/x and http://t@h/y", "sqlite:////x/a@b.db")
    assert said == "denied: ///x and http://h/y"


def test_secrets_are_taken_out_as_they_are_written_and_as_they_are_meant():
    url = "postgresql://ana:p%40ss@host/crm?key=hun%2Fter&key=other+word"
    said = without_secrets("p@ss, p%40ss, hun/ter, hun%2Fter, other word", url)
    assert said == "***, ***, ***, ***, ***"


def test_a_user_is_no_secret_unless_it_is_a_token():
    assert without_secrets("role ana is unknown", "postgresql://ana@host/db") == (
        "role ana is unknown"
    )
    assert without_secrets("ana is no token", "https://ana@host") == "*** is no token"
