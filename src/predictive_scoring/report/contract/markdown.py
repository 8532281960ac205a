"""A document as Markdown; what others wrote stands there as text, never as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from predictive_scoring.report.contract.sections import Document, Section

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LINE_STARTS = re.compile(r"^(\d+)([.)])|^([-+=])")


def markdown(document: Document) -> str:
    """Write a document as Markdown (CommonMark with tables)."""
    blocks = [
        f"# {_text(document.title)}",
        f"**{_text(document.company)}**",
        _text(document.holds),
    ]
    for section in document.sections:
        blocks += _section(section, document.colon)
    blocks += ["---", _signatures(document), _text(document.footer)]
    return "\n\n".join(blocks) + "\n"


def _section(section: Section, colon: str) -> Iterator[str]:
    yield f"## {_text(section.title)}"
    for definition in section.definitions:
        yield f"**{_text(definition.word)}**{colon}{_text(definition.text)}"
        if definition.points:
            yield "\n".join(f"- *{_text(p.name)}*{colon}{_text(p.text)}" for p in definition.points)
    yield from (_text(paragraph) for paragraph in section.paragraphs)
    if section.rows:
        yield _table(section.head, section.rows)
    if section.points:
        yield "\n".join(f"- {_text(point)}" for point in section.points)


def _signatures(document: Document) -> str:
    rows = [(blank, *("" for _ in document.parties)) for blank in document.blanks]
    return _table(("", *document.parties), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(c if n == 1 else _text(c) for c in line) + " |"
        for n, line in enumerate(lines)
    )


def _text(text: str) -> str:
    escaped = _MARKUP.sub(r"\\\1", " ".join(text.split(" ")))
    return _LINE_STARTS.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)
