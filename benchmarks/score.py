"""Leads scored per second, end to end and by stage, and peak memory, at several sizes.

A company is simulated, a model trained on it once, and `score` run in a process of its own for each
size, so that the peak memory is that run's. `--leads 100000 1000000` is the whole measurement.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def main() -> None:
    """Measure each size; print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, nargs="+", default=[100_000])
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child)
        return
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        command("demo", "--leads", "20000", "--out", str(model), "--data-only")
        config = model / "predictive-scoring.yaml"
        command("train", "--config", str(config))
        for leads in arguments.leads:
            print(report(leads, Path(folder) / str(leads), model), flush=True)


def command(*arguments: str) -> None:
    """Run the command line, quietly."""
    subprocess.run(
        [sys.executable, "-m", "predictive_scoring", *arguments, "--quiet"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def report(leads: int, folder: Path, model: Path) -> str:
    """Simulate, score every lead in a child process, and say how long each stage took."""
    command("demo", "--leads", str(leads), "--out", str(folder), "--data-only", "--seed", "2")
    text = (model / "predictive-scoring.yaml").read_text(encoding="utf-8")
    config = folder / "bench.yaml"
    # Every lead is open for ever: closing stages are set aside, age does not matter.
    text = text.replace("models: models", f"models: {model / 'models'}")
    text = text.replace("until: 91", "until: 3650").replace("max_age: 91", "max_age: 3650")
    text = text.replace("stages.csv", "no_stages.csv")
    (folder / "no_stages.csv").write_text(
        "lead_id,stage,entered_at,actor,reason\n", encoding="utf-8"
    )
    config.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, __file__, "--child", str(config)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    measured = json.loads(done.stdout)
    stages = "  ".join(f"{name} {seconds:.1f} s" for name, seconds in measured["stages"].items())
    rate = measured["scored"] / measured["seconds"]
    return (
        f"{leads:>9,} leads: {measured['scored']:,} scored in {measured['seconds']:.1f} s "
        f"({rate:,.0f} a second), peak memory {measured['peak'] / 2**20:,.2f} GiB\n    {stages}"
    )


def child(config: Path) -> None:
    """Score once and print seconds by stage and the peak memory in KiB."""
    from predictive_scoring import features, sinks, sources
    from predictive_scoring.config import load_config
    from predictive_scoring.runs import score as run
    from predictive_scoring.runs.wiring import silent

    clock = Clock()
    clock.watch(run, "load_champion", "registry")
    clock.watch(sources, "load", "sources")
    clock.watch(features, "scoring_snapshots", "features")
    clock.watch_each(features, "scoring_batches", "features")
    clock.watch(run, "score_batch", "explain")
    clock.watch(sinks.ScoreWriter, "write", "stage")
    clock.watch(sinks.ScoreWriter, "commit", "commit")
    began = time.perf_counter()
    result = run.score(load_config(config), None, silent)
    measured = {
        "scored": result.scored,
        "seconds": time.perf_counter() - began,
        "stages": clock.seconds,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps(measured))


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
