"""Sentences that a stage says with its figures, and that a page may say in another language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Note(str):
    """An English sentence, with the message and the values that it was made of.

    ``message`` has ``%(name)s`` places and is what catalogues translate; make one with ``note``.
    """

    __slots__ = ("message", "values")

    message: str
    values: Mapping[str, str | int]

    def __new__(cls, message: str, values: Mapping[str, str | int]) -> Self:
        """Fill the places."""
        made = super().__new__(cls, message % {k: _told(v) for k, v in values.items()})
        made.message, made.values = message, values
        return made


def note(message: str, **values: str | int) -> Note:
    """A note; counts among the values are written with their thousands apart."""
    return Note(message, values)


def _told(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else value
