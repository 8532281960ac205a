"""The long property run: contributions of 2,000 random models against LightGBM's own, to 1e-10.

It is the test of every day, tests/unit/explain/treeshap/test_exact.py, with more models, and anew
at random each time. Stops with the test's own report of the smallest model that fails.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEST = "tests/unit/explain/treeshap/test_exact.py"
COUNTED = re.compile(r"(\d+) passing, (\d+) failing, and (\d+) invalid")


def main() -> None:
    """Run the test; print how many models passed, and the seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=2_000)
    given = parser.parse_args()
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--hypothesis-show-statistics", TEST],
        check=False, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "EXACTNESS_MODELS": str(given.models)},
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(done.stdout)
    # Hypothesis counts by phase: what it kept from an earlier failure, then what it makes up.
    phases = [tuple(map(int, phase)) for phase in COUNTED.findall(done.stdout)]
    passed, failed, invalid = (sum(counts) for counts in zip(*phases, strict=True))
    if failed or passed < given.models:
        sys.exit(f"{done.stdout}\n{passed} of {given.models} models passed")
    print(f"{passed:,} random models agree with LightGBM to 1e-10, in {seconds:.0f} s "
          f"({invalid} more that LightGBM itself could not train)")  # fmt: skip


if __name__ == "__main__":
    main()
