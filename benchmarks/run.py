"""`make bench`: all benchmarks, one after another."""

import runpy
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run each benchmark as a script of its own."""
    for name in ("startup", "features", "explain", "exactness", "score"):
        print(f"== {name}", flush=True)
        runpy.run_path(str(HERE / f"{name}.py"), run_name="__main__")


if __name__ == "__main__":
    main()
