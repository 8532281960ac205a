"""The only places where a name or a constant becomes SQL text."""

import re
from collections.abc import Iterable

from predictive_scoring.errors import DataError

_QUOTED = re.compile(r""""(?:[^"]|"")*"|'(?:[^']|'')*'""")


def quoted(name: str) -> str:
    """A name as a DuckDB identifier; raises DataError for what cannot be one."""
    if not name or "\0" in name:
        raise DataError(
            f"the name {name!r} cannot name a column or a table",
            "a name of one character or more, without NUL",
            "choose another name in the configuration",
        )
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A constant of this package's own as an SQL string; values from outside are parameters."""
    return "'" + text.replace("'", "''") + "'"


class Parameters:
    """Collects the values of one statement and hands out their placeholders."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}

    def add(self, value: object) -> str:
        """The placeholder that stands for ``value``."""
        name = f"source_value_{len(self._values)}"
        self._values[name] = value
        return f"${name}"

    def add_all(self, values: Iterable[object]) -> str:
        """Placeholders for the right side of IN, in brackets; never empty."""
        return "(" + ", ".join([self.add(value) for value in values] or ["NULL"]) + ")"

    def of(self, statement: str) -> dict[str, object]:
        """The values of the placeholders in the statement: DuckDB refuses any others."""
        # What stands in quotes is a name or a text, whatever it looks like.
        bare = _QUOTED.sub("", statement)
        used = set(re.findall(r"\$(source_value_[0-9]+)", bare))
        return {name: value for name, value in self._values.items() if name in used}
