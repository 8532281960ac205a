"""A whole scoring run: leads a second by stage, peak memory, and the same job from stock parts.

A company is simulated, its files turned into Parquet, a model of 300 trees trained on another
company of the kind, and `score` run in a process of its own for each size, so that the peak memory
is that run's. The stock job has the same features for nothing: it takes LightGBM's `predict` and
`pred_contrib`, pandas, a loop that writes reasons as JSON, and row-wise inserts. The whole
measurement is `--leads 100000 1000000 5000000 --runs 5`; `--csv` reads the company's CSV files.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

STOCK_LEADS = 5_000
INSTANTS = {"leads": "created_at", "activities": "occurred_at", "changes": "changed_at"}
SETTINGS = """
features:
  windows: [30]
  dimensions: [type]
  values_per_dimension: 3
  measures: [count, days, recency, trend]
training:
  candidates: [lightgbm]
  leaves: 31
  trees: 300
  learning_rate: 0.01
"""


def main() -> None:
    """Measure each size; print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, nargs="+", default=[100_000])
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--csv", action="store_true", help="sources as the CSV files they are")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--stock", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child or given.stock:
        print(json.dumps(scored(given.child) if given.child else stock(given.stock)))
        return
    with tempfile.TemporaryDirectory() as folder:
        model = simulated(Path(folder) / "model", 20_000, as_csv=given.csv)
        command("train", "--config", str(model))
        for leads in given.leads:
            company = simulated(Path(folder) / str(leads), leads, as_csv=given.csv)
            with_models_of(company, model)
            measured = [run("--child", company) for _ in range(given.runs)]
            print(report(leads, measured), flush=True)
            against_stock(measured, run("--stock", company))


def command(*arguments: str) -> None:
    """Run the command line, quietly."""
    subprocess.run(
        [sys.executable, "-m", "predictive_scoring", *arguments, "--quiet"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def run(kind: str, config: Path) -> Any:
    """Measure in a process of its own."""
    arguments = [sys.executable, __file__, kind, str(config)]
    done = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def simulated(folder: Path, leads: int, *, as_csv: bool) -> Path:
    """Write a company of so many leads; return its configuration."""
    command("demo", "--leads", str(leads), "--out", str(folder), "--data-only", "--seed", "2")
    config = folder / "predictive-scoring.yaml"
    text = config.read_text(encoding="utf-8") + SETTINGS
    if not as_csv:
        for table, instant in INSTANTS.items():
            to_parquet(folder / f"{table}.csv", instant)
            text = text.replace(f"{table}.csv", f"{table}.parquet")
    config.write_text(text, encoding="utf-8")
    return config


def to_parquet(file: Path, instant: str) -> None:
    """Write a CSV file's rows beside it, the instant as one; rows that are no records are left."""
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    columns = zip(*(row for row in rows if len(row) == len(header)), strict=True)
    texts = pa.table({name: pa.array(of) for name, of in zip(header, columns, strict=True)})
    with duckdb.connect() as connection:
        connection.register("texts", texts)
        cells = ", ".join(
            f'TRY_CAST("{name}" AS TIMESTAMPTZ) AS "{name}"'
            if name == instant
            else f'nullif("{name}", \'\') AS "{name}"'
            for name in header
        )
        target = str(file.with_suffix(".parquet"))
        query = f"SELECT {cells} FROM texts"  # noqa: S608 - names of the demo's own columns
        connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")


def with_models_of(config: Path, model: Path) -> None:
    """Score with another company's model, and every lead: open for ever, whatever its age."""
    text = config.read_text(encoding="utf-8")
    text = text.replace("models: models", f"models: {model.parent / 'models'}")
    text = text.replace("until: 91", "until: 3650").replace("max_age: 91", "max_age: 3650")
    text = text.replace("stages.csv", "no_stages.csv")
    nothing = "lead_id,stage,entered_at,actor,reason\n"
    (config.parent / "no_stages.csv").write_text(nothing, encoding="utf-8")
    config.write_text(text, encoding="utf-8")


def report(leads: int, measured: list[Any]) -> str:
    """Say how long the run and its stages took; stages overlap, so that they sum to more."""
    seconds = [one["seconds"] for one in measured]
    median = statistics.median(seconds)
    stages = {
        name: statistics.median(one["stages"][name] for one in measured)
        for name in measured[0]["stages"]
    }
    said = "  ".join(f"{name} {spent:.1f} s" for name, spent in stages.items())
    peak = max(one["peak"] for one in measured) / 2**20
    return (
        f"{leads:>9,} leads × {measured[0]['columns']} columns, {measured[0]['trees']} trees: "
        f"{measured[0]['scored']:,} scored in {median:.1f} s ({min(seconds):.1f} to "
        f"{max(seconds):.1f}; {measured[0]['scored'] / median:,.0f} a second), "
        f"peak memory {peak:,.2f} GiB\n    {said}"
    )


def against_stock(measured: list[Any], stock: Any) -> None:
    """Print the ratio to the same work from stock parts, by lead."""
    ours = statistics.median(one["seconds"] / one["scored"] for one in measured)
    explained = sum(stock["stages"].values())
    said = "  ".join(f"{name} {1e6 * s:.0f} µs" for name, s in stock["stages"].items())
    print(f"    stock parts, {stock['leads']:,} of the leads: {said} a lead, features for nothing;")
    print(f"    ours {1e6 * ours:.0f} µs a lead with everything: {explained / ours:.1f} times")


def scored(config: Path) -> dict[str, Any]:
    """Score once; say seconds by stage and the peak memory in KiB."""
    from predictive_scoring import features, sinks, sources
    from predictive_scoring.config import load_config
    from predictive_scoring.records import Extract
    from predictive_scoring.runs import score as scoring
    from predictive_scoring.runs.wiring import silent

    clock, settings = Clock(), load_config(config)
    settings.path(settings.scores).unlink(missing_ok=True)
    clock.watch(scoring, "load_champion", "registry")
    clock.watch(sources, "load", "sources")
    clock.watch(Extract, "digest", "sources")
    clock.watch(features, "scoring_snapshots", "features")
    clock.watch_each(features, "scoring_batches", "features")
    clock.watch(scoring, "score_batch", "explain")
    clock.watch(sinks.ScoreWriter, "write", "stage")
    clock.watch(sinks.ScoreWriter, "commit", "commit")
    began = time.perf_counter()
    result = scoring.score(settings, None, silent)
    seconds = time.perf_counter() - began
    champion = scoring.load_champion(settings, silent)
    return {
        "scored": result.scored,
        "columns": len(champion.bundle.spec.columns),
        "trees": getattr(champion.bundle.predictor, "text", "").count("\nTree="),
        "seconds": seconds,
        "stages": clock.seconds,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def stock(config: Path) -> dict[str, Any]:
    """The job from stock parts on some of the leads: seconds a lead by stage, after features."""
    import lightgbm
    import numpy as np

    from predictive_scoring import features, sources
    from predictive_scoring.config import load_config
    from predictive_scoring.model import encode
    from predictive_scoring.runs import score as scoring
    from predictive_scoring.runs.wiring import silent, workspace

    settings = load_config(config)
    bundle = scoring.load_champion(settings, silent).bundle
    booster = lightgbm.Booster(model_str=getattr(bundle.predictor, "text", ""))
    with workspace() as connection:
        extract = sources.load(settings, connection)
        snapshots = features.scoring_snapshots(extract, settings, extract.extract_at)
        batches = features.scoring_batches(extract, bundle.spec, snapshots, settings, STOCK_LEADS)
        batch = next(iter(batches))
        del batches
    matrix = encode(batch, bundle.spec, bundle.vocabularies)
    names = bundle.spec.names
    began = time.perf_counter()
    probability = np.asarray(booster.predict(matrix))
    parts = np.asarray(booster.predict(matrix, pred_contrib=True))
    predicted = time.perf_counter()
    frame = batch.to_pandas()
    rows = []
    for i, lead in frame.iterrows():
        order = np.argsort(-np.abs(parts[i, :-1]))[:5]
        reasons = [
            {"feature": names[j], "observed": str(lead[names[j]]), "contribution": parts[i, j]}
            for j in order
        ]
        said = [f"{names[j]}: {lead[names[j]]} ({parts[i, j]:+.2f})" for j in order]
        rows.append((lead["lead_id"], float(probability[i]), json.dumps(reasons),
                     json.dumps({"en": said, "fr": said}), parts[i].tolist()))  # fmt: skip
    reasoned = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/stock.duckdb") as store:
        store.execute("CREATE TABLE scores (lead_id TEXT, probability DOUBLE, reasons TEXT, "
                      "sentences TEXT, contributions DOUBLE[])")  # fmt: skip
        store.begin()
        store.executemany("INSERT INTO scores VALUES (?, ?, ?, ?, ?)", rows)
        store.commit()
    written = time.perf_counter()
    stages = {
        "predict and pred_contrib": predicted - began,
        "reasons": reasoned - predicted,
        "rows": written - reasoned,
    }
    n = len(rows)
    return {"leads": n, "stages": {name: spent / n for name, spent in stages.items()}}


class Clock:
    """Adds up the seconds spent in functions, by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def watch(self, owner: Any, name: str, stage: str) -> None:
        """Time every call of a function."""
        function = getattr(owner, name)

        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self._add(stage, began)

        setattr(owner, name, timed)

    def watch_each(self, owner: Any, name: str, stage: str) -> None:
        """Time every step of a generator."""
        function = getattr(owner, name)

        def timed(*arguments: Any, **named: Any) -> Iterator[Any]:
            items = iter(function(*arguments, **named))
            while True:
                began = time.perf_counter()
                try:
                    item = next(items)
                except StopIteration:
                    return
                finally:
                    self._add(stage, began)
                yield item

        setattr(owner, name, timed)

    def _add(self, stage: str, began: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - began


if __name__ == "__main__":
    main()
