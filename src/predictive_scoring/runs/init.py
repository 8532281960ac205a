"""`init`: look at a company's files and write a proposal of a configuration."""

from __future__ import annotations

from pathlib import Path

from predictive_scoring.errors import UsageError
from predictive_scoring.runs.results import InitResult


def init(folder: Path, out: Path, *, force: bool) -> InitResult:
    """Write the proposal to ``out``.

    Raises UsageError when it exists and not ``force``, or cannot be written; DataError when
    ``folder`` holds nothing to propose from.
    """
    from predictive_scoring import proposal

    if out.exists() and not force:
        raise UsageError(
            f"{out} exists already",
            "a name that is free",
            "choose another with --out FILE, or overwrite it with --force",
        )
    proposed = proposal.propose(folder, out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(proposed.text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({error.strerror})",
            "a file in a folder that may be written to",
            "choose another with --out FILE",
        ) from None
    return InitResult(str(out), proposed.guessed, proposed.unknown)
