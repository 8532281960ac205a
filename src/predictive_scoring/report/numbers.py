"""How figures are written in a report: percentages, counts, dates."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Literal

UNKNOWN, MINUS = "\u2013", "\u2212"
NARROW = "\u202f"  # keeps a number and its sign on one line
MICROSECONDS = 1_000_000


def percent(share: float) -> str:
    """Write a share as a percentage, with one decimal below ten."""
    if not math.isfinite(share):
        return UNKNOWN
    hundredth = share * 100
    few = 0 < abs(hundredth) < 9.95
    return f"{hundredth:.1f}{NARROW}%" if few else f"{hundredth:.0f}{NARROW}%"


def count(number: int) -> str:
    """Write a count with its thousands apart."""
    return f"{number:,}"


def figure(value: float) -> str:
    """Write a metric or a parameter with four decimals."""
    return f"{value:.4f}" if math.isfinite(value) else UNKNOWN


def signed(value: float) -> str:
    """Write log-odds with their sign and a true minus."""
    return f"{value:+.3f}".replace("-", MINUS)


def part(value: float) -> str:
    """Write a mean absolute contribution, in log-odds; a small one does not look like none."""
    return "< 0.001" if 0 < value < 0.0005 else f"{value:.3f}"


def plural(number: int, one: str) -> str:
    """Write a count and its noun."""
    return f"{count(number)} {one}{'' if number == 1 else 's'}"


def place(position: int, ordered_by: Literal["time", "rows", "nothing"]) -> str:
    """Write a position as the date (UTC) or the row it stands for."""
    if ordered_by == "time":
        return datetime.fromtimestamp(position / MICROSECONDS, UTC).strftime("%Y-%m-%d")
    return f"row {count(position)}" if ordered_by == "rows" else UNKNOWN
