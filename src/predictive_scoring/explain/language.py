"""The languages that reasons are written in."""

from __future__ import annotations

from predictive_scoring.language import LANGUAGES, Labels, Language, load

__all__ = ["LANGUAGES", "Labels", "Language", "language"]


def language(code: str, labels: Labels | None = None) -> Language:
    """The language of that code for reasons; raises UsageError for one without a catalogue."""
    return load("predictive_scoring.explain", "reasons", code, labels)
