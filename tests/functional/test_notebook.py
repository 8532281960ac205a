"""The notebook runs from its first cell to its last and shows what it says it shows."""

import os
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "01_train_and_read_a_model.py"

pytestmark = pytest.mark.slow


def printed(cells, mark):
    """The HTML tables that cells whose code holds ``mark`` show."""
    shown = [
        output["data"]["text/html"]
        for cell in cells
        if cell.cell_type == "code" and mark in cell.source
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert len(shown) == 1, mark
    return shown[0]


def test_the_notebook_runs(tmp_path, monkeypatch):
    jupytext = pytest.importorskip("jupytext")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("NOTEBOOK_LEADS", "1500")
    monkeypatch.setenv("NOTEBOOK_FOLDER", str(tmp_path / "company"))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = jupytext.read(NOTEBOOK)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    client.execute(env=dict(os.environ))
    cells = notebook.cells
    assert any(cell.cell_type == "markdown" for cell in cells)

    candidates = printed(cells, "selection.candidates")
    assert all(name in candidates for name in ("base_rate", "logistic", "lightgbm"))
    assert candidates.count("True") == 1
    metrics = printed(cells, "evaluation.metrics")
    assert all(name in metrics for name in ("log_loss", "roc_auc", "calibration_slope"))
    assert "quarantined" in printed(cells, "history.extract.counts")
    assert "predicted" in printed(cells, "evaluation.reliability")
    assert "shown" in printed(cells, 'groupby("band"')
