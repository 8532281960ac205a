"""Text that a spreadsheet opens as text: no cell can become a formula.

A cell that begins like a formula gets an apostrophe in front, as a spreadsheet's user would type
it; so does a cell that begins with an apostrophe, which makes the way back exact. See OWASP, CSV
Injection.
"""

from __future__ import annotations

_MARK = "'"
_DANGEROUS = (
    *"=+-@\t\r\n\0",
    *"＝＋－＠",  # noqa: RUF001 - full-width forms, which some spreadsheets read as formulas
    "\N{MINUS SIGN}",
    _MARK,
)


def guard(text: str) -> str:
    """The text as a harmless cell."""
    return _MARK + text if text.startswith(_DANGEROUS) else text


def unguard(cell: str) -> str:
    """The text that ``guard`` was given."""
    return cell.removeprefix(_MARK)
