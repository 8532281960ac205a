# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Train a model and read it
#
# From a company's history to a model, by hand: the same functions that `predictive-scoring train`
# calls, so that you can stop between the steps, look, and change something. Open it with
# `jupytext --to notebook notebooks/01_train_and_read_a_model.py`, or run it as a script.

# %%
import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from predictive_scoring.config import load_config
from predictive_scoring.demo import simulate
from predictive_scoring.runs.demo import demo_config
from predictive_scoring.runs.train import learn, read_history
from predictive_scoring.runs.wiring import silent, workspace

# %% [markdown]
# ## A company
#
# Here the simulated one, whose true probabilities are known. For your own, write a configuration
# (`predictive-scoring init DIR`) and load that instead.

# %%
folder = Path(os.environ.get("NOTEBOOK_FOLDER") or tempfile.mkdtemp())
leads = int(os.environ.get("NOTEBOOK_LEADS", "8000"))
company = simulate(leads, seed=3, out=folder)
(folder / "company.yaml").write_text(demo_config(".", "models"), encoding="utf-8")
config = load_config(folder / "company.yaml")

# %% [markdown]
# ## What was read, and what became of every record

# %%
with workspace() as connection:  # the features are built by the time it closes
    history = read_history(connection, config, silent)
pd.DataFrame(
    [
        {
            "table": c.table,
            "records": c.records,
            "loaded": c.loaded,
            "quarantined": c.quarantined,
            "set aside": c.set_aside,
        }
        for c in history.extract.counts
    ]
)

# %% [markdown]
# ## Snapshots and their labels
#
# A snapshot is a lead looked at as of an instant. `immature` and `censored` ones are no negatives.

# %%
pd.Series(dict(history.snapshots.counts), name="snapshots")

# %%
table = history.table
frame = table.features.to_pandas().assign(outcome=table.outcome)
frame.groupby("job_function", dropna=False)["outcome"].agg(["size", "mean"])

# %% [markdown]
# ## Learn
#
# Candidates are compared on forward folds; the chosen one is calibrated there and judged on the
# newest period, which nothing has seen.

# %%
learned = learn(history, config, silent)
pd.DataFrame(
    [(c.name, c.log_loss, c.standard_error, c.chosen) for c in learned.selection.candidates],
    columns=["candidate", "log loss", "standard error", "chosen"],
)

# %%
pd.DataFrame(
    [(m.name, m.value, m.low, m.high) for m in learned.evaluation.metrics],
    columns=["newest period", "value", "low", "high"],
)

# %% [markdown]
# ## Does 30 % mean 30 %?

# %%
pd.DataFrame(
    [(b.predicted, b.observed, b.low, b.high, b.count) for b in learned.evaluation.reliability],
    columns=["predicted", "observed", "low", "high", "rows"],
)

# %% [markdown]
# ## Against the truth
#
# Only a simulation allows this: the probability shown beside the true one, which knows each lead's
# hidden intent. A good score is the mean of the truth given what can be seen.

# %%
test = learned.split.test
shown = pd.DataFrame(
    {
        "lead_id": table.lead_id[test],
        "as_of": pd.to_datetime(table.position[test], unit="us"),
        "shown": 1 / (1 + np.exp(-learned.test_log_odds)),
        "outcome": table.outcome[test],
    }
)
shown["band"] = pd.qcut(shown["shown"], 5, duplicates="drop")
shown.groupby("band", observed=True).agg(
    shown=("shown", "mean"), outcome=("outcome", "mean"), rows=("outcome", "size")
)
