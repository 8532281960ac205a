"""The reference of every key, as Markdown, from the models themselves.

``python -m predictive_scoring.config.reference`` prints it; docs/config.md holds it under its
preface, and a test compares the two.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from predictive_scoring.config.company import Config

_LOADERS_OWN = "base"  # set by the loader, no key of the file
_BOUNDS = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "above {}"),
    ("maximum", "at most {}"),
    ("exclusiveMaximum", "below {}"),
    ("minLength", "{} or more characters"),
    ("maxLength", "at most {} characters"),
)
_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true, false"}

Schema = Mapping[str, Any]  # a node of pydantic's JSON schema


def reference() -> str:
    """One table of keys for each section, in the order in which the sections are met."""
    whole = Config.model_json_schema()
    sections = _sections(whole)
    homes = {name: paths[0] for name, paths in sections.items()}
    parts = [_head("The whole file", whole), _table(whole, whole, homes)]
    for name, paths in sections.items():
        node = whole["$defs"][name]
        parts += [_head(f"`{paths[0]}`", node, paths[1:]), _table(node, whole, homes)]
    return "\n\n".join(parts) + "\n"


def _sections(whole: Schema) -> dict[str, list[str]]:
    """Each section's name and the keys that hold it, depth first."""
    found: dict[str, list[str]] = {}

    def visit(node: Schema, path: str) -> None:
        for key, inner in node.get("properties", {}).items():
            for name, mark in _references(inner):
                place = f"{path}{key}{mark}"
                found.setdefault(name, []).append(place)
                visit(whole["$defs"][name], f"{place}.")

    visit(whole, "")
    return found


def _references(node: Schema, mark: str = "") -> Iterator[tuple[str, str]]:
    if "$ref" in node:
        yield node["$ref"].rpartition("/")[2], mark
    for choice in node.get("anyOf", ()):
        yield from _references(choice, mark)
    if isinstance(node.get("additionalProperties"), Mapping):
        yield from _references(node["additionalProperties"], ".<name>")
    if isinstance(node.get("items"), Mapping):
        yield from _references(node["items"], "[]")


def _head(title: str, node: Schema, others: Sequence[str] = ()) -> str:
    also = f" Also: {', '.join(f'`{path}`' for path in others)}." if others else ""
    return f"### {title}\n\n{_flat(node.get('description', ''))}{also}"


def _table(node: Schema, whole: Schema, homes: Mapping[str, str]) -> str:
    lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
    required = set(node.get("required", ()))
    for key, inner in node["properties"].items():
        if node is whole and key == _LOADERS_OWN:
            continue
        default = "**required**" if key in required else _default(inner)
        cells = (f"`{key}`", _value(inner, homes), default, _meaning(inner, whole))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _meaning(node: Schema, whole: Schema) -> str:
    """A key's own description; for a section without one, the section's."""
    if "description" not in node:
        for name, _ in _references(node):
            return _flat(whole["$defs"][name].get("description", ""))
    return _flat(node.get("description", ""))


def _value(node: Schema, homes: Mapping[str, str]) -> str:
    """What a key may hold, in words."""
    if "$ref" in node:
        return f"section `{homes[node['$ref'].rpartition('/')[2]]}`"
    if "anyOf" in node:
        choices = (choice for choice in node["anyOf"] if choice != {"type": "null"})
        return " or ".join(_value(choice, homes) for choice in choices)
    if "enum" in node or "const" in node:
        return ", ".join(f"`{value}`" for value in node.get("enum", [node.get("const")]))
    if node.get("type") == "array":
        return f"list of: {_value(node['items'], homes)}"
    if node.get("type") == "object":
        return f"names, each with: {_value(node['additionalProperties'], homes)}"
    if node.get("format") == "date-time":
        return "instant with offset"
    if node.get("format") == "date":
        return "day such as 2026-01-31"
    bounds = [text.format(node[key]) for key, text in _BOUNDS if key in node]
    return ", ".join([_WORDS[node["type"]], *bounds])


def _default(node: Schema) -> str:
    value = node.get("default")
    if value is None:
        return "none"
    if next(_references(node), None):
        return "see there" if value else "none"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _flat(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.stdout.write(reference())
