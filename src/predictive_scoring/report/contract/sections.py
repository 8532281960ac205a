"""A document in plain text: what is to be said, in order, before it is HTML or Markdown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """Something with a name, and what it is."""

    name: str
    text: str


@dataclass(frozen=True)
class Definition:
    """A word, what it means, and what belongs to that."""

    word: str
    text: str
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part with its title; only what is filled is written."""

    title: str
    definitions: tuple[Definition, ...] = ()
    paragraphs: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """The contract's page; ``parties`` sign, each filling in the ``blanks``.

    ``colon`` parts a name from what it is, as the language has it.
    """

    colon: str
    title: str
    company: str
    holds: str
    sections: tuple[Section, ...]
    parties: tuple[str, ...]
    blanks: tuple[str, ...]
    footer: str
