"""From a configuration to concrete parts: names, the workspace, the registry."""

import duckdb
import pytest

from predictive_scoring.config import load_config
from predictive_scoring.runs import wiring
from predictive_scoring.runs.wiring import open_registry, slug, workspace


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("Aérolys SAS", "aerolys-sas"),
        ("  Müller & Söhne GmbH  ", "muller-sohne-gmbh"),
        ("A/../B\\C", "a-b-c"),
        ("UPPER__lower", "upper-lower"),
        ("東京", "company"),
        ("---", "company"),
        ("", "company"),
        ("'; DROP TABLE", "drop-table"),
    ],
)
def test_a_slug_is_letters_digits_and_hyphens(company, expected):
    assert slug(company) == expected


def test_the_workspace_is_on_disk_in_utc_and_gone_afterwards():
    with workspace() as connection:
        where = "SELECT path FROM duckdb_databases() WHERE database_name = 'workspace'"
        ((file,),) = connection.execute(where).fetchall()
        assert file.endswith("workspace.duckdb")
        settings = "SELECT current_setting('TimeZone'), current_setting('enable_progress_bar')"
        assert connection.execute(settings).fetchone() == ("UTC", False)
        limit = connection.execute("SELECT current_setting('memory_limit')").fetchone()
        assert limit == ("715.2 MiB",)  # 750 MB
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("SELECT 1")
    with pytest.raises(duckdb.IOException):
        duckdb.connect(file, read_only=True)


def test_the_workspace_goes_when_the_run_fails():
    with pytest.raises(RuntimeError, match="boom"), workspace() as connection:
        raise RuntimeError("boom")
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("SELECT 1")


def test_two_workspaces_do_not_meet():
    with workspace() as one, workspace() as other:
        one.execute("CREATE TABLE leads (a INT)")
        assert other.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


class _Jupyter:
    """A connection as Jupyter without ipywidgets gives it: it refuses to set a progress bar."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.close = connection.close

    def execute(self, query: str) -> duckdb.DuckDBPyConnection:
        if "progress_bar" in query:
            raise duckdb.InvalidInputException("Could not change the progress bar setting")
        return self._connection.execute(query)


def test_a_notebook_without_widgets_has_a_workspace_too(monkeypatch):
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *a, **k: _Jupyter(connect(*a, **k)))
    with workspace() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    ("settings", "name", "uri"),
    [("", "test-co", None), ("registry: {name: crm, uri: 'http://h'}", "crm", "http://h")],
)
def test_the_registry_is_the_one_configured(tmp_path, monkeypatch, settings, name, uri):
    file = tmp_path / "a.yaml"
    file.write_text(
        "company: Test & Co\nmodels: ../kept\n"
        "sources: {leads: {file: a.csv, order: rows}}\n"
        f"outcome: {{column: w, positive: ['1'], negative: ['0']}}\n{settings}\n",
        encoding="utf-8",
    )
    opened = []
    monkeypatch.setattr(
        "predictive_scoring.registry.Registry.open", lambda *given: opened.append(given)
    )
    open_registry(load_config(file))
    assert opened == [(uri, tmp_path.parent / "kept", name)]


def test_silent_progress_says_nothing(capsys):
    wiring.silent("loading")
    wiring.silent("loading", 0.5)
    assert capsys.readouterr() == ("", "")
