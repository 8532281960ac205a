"""The reference of every command, as Markdown, from the commands themselves.

``python -m predictive_scoring.cli.reference`` prints it; docs/cli.md holds it under its preface,
and a test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from predictive_scoring.cli.app import app

Parameter = TyperArgument | TyperOption


def reference() -> str:
    """One section for each command: what it does, how it is typed, its arguments and options."""
    root = get_command(app)
    return "\n\n".join(_section(*found) for found in _commands(root, str(root.name))) + "\n"


def _commands(command: object, path: str) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Every command that runs something, with the words that call it."""
    if isinstance(command, TyperGroup):
        if command.invoke_without_command:
            yield path, command
        for name, inner in command.commands.items():
            yield from _commands(inner, f"{path} {name}")
    elif isinstance(command, TyperCommand):
        yield path, command


def _section(path: str, command: TyperCommand | TyperGroup) -> str:
    parameters = [p for p in command.params if isinstance(p, Parameter) and not p.hidden]
    needed = [_usage(p) for p in parameters if p.required]
    optional = ["[OPTIONS]"] if any(not p.required for p in parameters) else []
    lines = ["| | value | default | meaning |", "|---|---|---|---|"]
    lines += [_row(p) for p in parameters]
    usage = " ".join((path, *optional, *needed))
    return "\n".join(
        (f"### `{path}`", "", _flat(command.help), "", "```", usage, "```", "", *lines)
    )


def _usage(parameter: Parameter) -> str:
    if isinstance(parameter, TyperArgument):
        return _value(parameter)
    return f"{parameter.opts[0]} {_value(parameter)}"


def _row(parameter: Parameter) -> str:
    names = [_value(parameter)] if isinstance(parameter, TyperArgument) else parameter.opts
    value = "" if isinstance(parameter, TyperArgument) else _value(parameter)
    cells = (", ".join(f"`{name}`" for name in names), value, _default(parameter))
    meaning = _flat(parameter.help)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (*cells, meaning)) + " |"


def _value(parameter: Parameter) -> str:
    """What stands after the option's name; empty for a switch."""
    if isinstance(parameter, TyperOption) and parameter.is_flag:
        return ""
    if parameter.metavar:
        return parameter.metavar
    return "NUMBER" if isinstance(parameter.default, int) else "TEXT"


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "**required**"
    if parameter.default is None or (isinstance(parameter, TyperOption) and parameter.is_flag):
        return ""
    return f"`{parameter.default}`"


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


if __name__ == "__main__":
    sys.stdout.write(reference())
