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
from pathlib import Path

STAGES = (
    "opening the registry",
    "reading",
    "taking snapshots and building features",
    "scoring and explaining",
    "committing the scores",
)


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
    text = text.replace("max_age: 90", "max_age: 3650").replace("stages.csv", "no_stages.csv")
    (folder / "no_stages.csv").write_text(
        "lead_id,stage,entered_at,actor,reason\n", encoding="utf-8"
    )
    config.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, __file__, "--child", str(config)],
        check=True,
        capture_output=True,
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
    from predictive_scoring.config import load_config
    from predictive_scoring.runs.score import score

    phases: list[tuple[str, float]] = []

    def progress(phase: str, share: float | None = None) -> None:  # noqa: ARG001
        if not phases or phases[-1][0] != phase:
            phases.append((phase, time.perf_counter()))

    began = time.perf_counter()
    result = score(load_config(config), None, None, progress)
    ended = time.perf_counter()
    stages = dict.fromkeys(STAGES, 0.0)
    for (phase, start), (_, end) in zip(phases, [*phases[1:], ("", ended)], strict=True):
        stages[phase if phase in stages else "reading"] += end - start
    measured = {
        "scored": result.scored,
        "seconds": ended - began,
        "stages": stages,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
