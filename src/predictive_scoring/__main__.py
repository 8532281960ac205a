"""``python -m predictive_scoring``: the same as the command ``predictive-scoring``."""

from predictive_scoring.cli import main

if __name__ == "__main__":
    main()
