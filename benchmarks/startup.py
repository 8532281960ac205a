"""How long `predictive-scoring --help` takes, against `python -c pass` in the same run."""

import statistics
import subprocess
import sys
import time

RUNS = 11


def seconds(*command: str) -> float:
    """Wall-clock seconds of one run of a command, as a whole process."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Print medians, minimum and maximum."""
    commands = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "predictive-scoring --help": (sys.executable, "-m", "predictive_scoring", "--help"),
    }
    for command in commands.values():
        seconds(*command)  # warm up
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            times[name].append(seconds(*command))
    for name, measured in times.items():
        middle = statistics.median(measured)
        print(f"{name:28} median {middle:.3f} s  ({min(measured):.3f} to {max(measured):.3f})")


if __name__ == "__main__":
    main()
