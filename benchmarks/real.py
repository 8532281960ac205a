"""`make real`: check, train and score the four real data sets; writes docs/real-data.md."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
SETS = ("bank", "bpic2012", "olist", "google-merch")
COMMAND = (sys.executable, "-m", "predictive_scoring")

PREFACE = """# Real data

`make real` runs `check`, `train` and `score` on four public data sets (beside the checkout, not
part of it) and writes this page. Figures are of the newest period, which neither training nor
calibration saw; brackets are 95 % bootstrap intervals. Seconds are wall clock of each
whole command, start-up included, on a shared two-core machine.

"""


READING = """
## How to read it

- **Folds** say how candidates were compared and the slope was learned: `forward` in time, or, where
  the history is too short for that (two horizons and more are needed before the newest period),
  `by lead`. The figures are of the newest period, forward in time and purged, in either case.
- **Base rates move.** Where the mean prediction lies far from the base rate, the newest period
  differs from all that was known before it: bank's last fifth converts at several times the rate
  of what came before, google-merch's January at well under half of its November's. Nothing here
  looks ahead to correct that; recalibration on matured outcomes is what answers it.
- **bpic2012** is a hard question: four fifths of all acceptances come on the first day, and what is
  asked is which of the cases still open then will follow.
- **olist** has two columns to learn from, a page and an origin.
- A log loss is to be held against that of the base rate beside it, within its interval.
"""


@dataclass(frozen=True)
class Outcome:
    """What one data set gave; seconds by command."""

    name: str
    training: dict[str, Any]
    scoring: dict[str, Any]
    seconds: dict[str, float]


def main() -> None:
    """Run all sets, print and write the table."""
    if not DATA.is_dir():
        sys.exit(f"the data sets are not there: {DATA}\n  nothing was run")
    outcomes = [run(name) for name in SETS]
    page = "\n".join([PREFACE, *table(outcomes), READING, *notes(outcomes), ""])
    (ROOT / "docs" / "real-data.md").write_text(page, encoding="utf-8")
    print(page)


def run(name: str) -> Outcome:
    """Check, train and score one set."""
    config = str(ROOT / "configs" / f"{name}.yaml")
    results, seconds = {}, {}
    for command in ("check", "train", "score"):
        print(f"· {name}: {command}", file=sys.stderr, flush=True)
        began = time.perf_counter()
        done = subprocess.run(
            [*COMMAND, command, "--config", config, "--json"], capture_output=True, text=True
        )
        seconds[command] = time.perf_counter() - began
        if done.returncode not in (0, 1):
            sys.exit(f"{name}: {command} failed ({done.returncode})\n{done.stdout}{done.stderr}")
        results[command] = json.loads(done.stdout)
    return Outcome(name, results["train"], results["score"], seconds)


def table(outcomes: list[Outcome]) -> list[str]:
    """One row a data set."""
    names = [
        "set", "leads", "snapshots", "tested on", "base rate", "mean prediction", "log loss",
        "log loss of the base rate", "AUC", "calibration slope", "calibration intercept", "ECE",
        "model", "folds", "scored", "seconds (check / train / score)",
    ]  # fmt: skip
    lines = ["| " + " | ".join(names) + " |", "| --- " + "| ---: " * (len(names) - 1) + "|"]
    return lines + [_row(o) for o in outcomes]


def _row(o: Outcome) -> str:
    t, metrics = o.training, {m["name"]: m for m in o.training["evaluation"]["metrics"]}
    labelled = t["labels"].get("positive", 0) + t["labels"].get("negative", 0)
    cells = [
        o.name,
        f"{t['leads']:,}",
        f"{labelled:,}",
        f"{t['evaluation']['rows']:,}",
        _figure(metrics["base_rate"], 3),
        f"{metrics['mean_prediction']['value']:.3f}",
        _figure(metrics["log_loss"], 4),
        f"{t['base_rate_log_loss']:.4f}",
        _figure(metrics["roc_auc"], 3),
        _figure(metrics["calibration_slope"], 2),
        _figure(metrics["calibration_intercept"], 2),
        _figure(metrics["ece"], 3),
        t["chosen"],
        "forward" if t["split"]["forward_folds"] else "by lead",
        f"{o.scoring['scored']:,}",
        " / ".join(f"{s:.0f}" for s in o.seconds.values()),
    ]
    return "| " + " | ".join(cells) + " |"


def _figure(metric: dict[str, Any], digits: int) -> str:
    value, low, high = (metric[k] for k in ("value", "low", "high"))
    if value is None:
        return "–"
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def notes(outcomes: list[Outcome]) -> list[str]:
    """What became of every row, by set."""
    lines = ["## What became of every row", ""]
    for o in outcomes:
        labels = ", ".join(f"{n:,} {name}" for name, n in o.training["labels"].items())
        excluded = ", ".join(f"{n:,} {why}" for why, n in o.scoring["excluded"].items()) or "none"
        left_out = ", ".join(f"`{c['column']}`" for c in o.training["left_out"]) or "none"
        where = "with reasons in the configuration or the report"
        lines.append(
            f"- **{o.name}**: snapshots: {labels}. Not scored: {excluded}. Quarantined records: "
            f"{o.scoring['quarantined']:,}. Columns left out, {where}: {left_out}."
        )
    return lines


if __name__ == "__main__":
    main()
