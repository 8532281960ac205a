"""Configuration text with its comments: what `init` proposes, ready to be read and corrected."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

import yaml

WIDTH = 96


@dataclass(frozen=True)
class Words:
    """A list of texts, written on one line."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """A mapping written on one line."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Block:
    """A mapping written on lines of its own."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Entry:
    """One key, its value and the comment beside or above it; commented out unless ``active``."""

    key: str
    value: str | Words | Flow | Block
    note: str = ""
    active: bool = True


def document(head: tuple[str, ...], entries: tuple[Entry, ...]) -> str:
    """The YAML text of a whole file under its head, one comment paragraph each."""
    lines = [line for paragraph in head for line in (_comment(paragraph, "") or ["#"])]
    for entry in entries:
        lines += ["", *_lines(entry, 0)] if isinstance(entry.value, Block) else _lines(entry, 0)
    return "\n".join(lines) + "\n"


def scalar(text: str) -> str:
    """A text as YAML on one line, quoted so that it loads as the same text, also inside lists."""
    printable = text.isprintable()
    dumped = yaml.safe_dump(
        [text],
        default_flow_style=True,
        default_style=None if printable else '"',
        allow_unicode=printable,
        width=10**9,
    )
    return dumped.strip().removeprefix("[").removesuffix("]")


def declarable(text: str) -> bool:
    """Whether a configuration can hold this text as a value.

    It cannot hold ``${…}``, which the loader takes for a variable of the environment, nor bytes
    that are no text, nor what is too long to read.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "${" not in text and len(text) <= 200


def shown(text: str) -> str:
    """A text as it may stand in a comment or a message: no control or direction characters."""
    visible = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return visible if len(visible) <= 80 else visible[:77] + "..."


def quoted(text: str) -> str:
    """The same between quotation marks."""
    return f"'{shown(text)}'"


def listed(texts: Iterator[str] | tuple[str, ...] | list[str], most: int = 6) -> str:
    """Quoted texts in a row, the first few of them."""
    items = list(texts)
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(map(quoted, items[:most])) + more


def _lines(entry: Entry, depth: int) -> list[str]:
    indent = "  " * depth
    key = scalar(entry.key)
    if isinstance(entry.value, Block):
        lines = [*_comment(entry.note, indent), f"{indent}{key}:"]
        for inner in entry.value.entries:  # one # is enough: what is inside is as it should be
            lines += _lines(inner if entry.active else replace(inner, active=True), depth + 1)
    else:
        line = f"{indent}{key}: {_inline(entry.value)}"
        note = f"  # {entry.note}" if entry.note else ""
        fits = len(line) + len(note) <= WIDTH and note.isprintable()
        lines = [line + note] if fits else [*_comment(entry.note, indent), line]
    return lines if entry.active else [_commented(line, indent) for line in lines]


def _commented(line: str, indent: str) -> str:
    rest = line.removeprefix(indent)
    return line if rest.startswith("#") else f"{indent}# {rest}"


def _comment(text: str, indent: str) -> list[str]:
    clean = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    width = WIDTH - len(indent) - 2
    hanging = "  " if clean.startswith("- ") else ""
    return [f"{indent}# {line}" for line in textwrap.wrap(clean, width, subsequent_indent=hanging)]


def _inline(value: str | Words | Flow | Block) -> str:
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Words):
        return "[" + ", ".join(map(scalar, value.items)) + "]"
    return "{" + ", ".join(f"{scalar(e.key)}: {_inline(e.value)}" for e in value.entries) + "}"
