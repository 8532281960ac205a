"""Reading a configuration file: every problem at once, in the reader's words."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from predictive_scoring.config.company import Config
from predictive_scoring.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Hashable

    from pydantic_core import ErrorDetails

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def load_config(file: Path) -> Config:
    """Read and validate one configuration file; raises ConfigError listing all problems."""
    raw = _read(file)
    missing: list[Problem] = []
    filled = _fill(raw, "", missing)
    if "base" in filled:
        missing.append(Problem("base", "this key", "no such key"))
    try:
        config = Config(**{**filled, "base": file.resolve().parent})
    except ValidationError as error:
        missing += [p for e in error.errors(include_url=False) for p in _problems(e)]
        raise ConfigError(
            str(file), missing, "correct these keys; docs/config.md has all"
        ) from None
    if missing:
        raise ConfigError(str(file), missing)
    return config


class _Loader(yaml.SafeLoader):
    """Safe YAML in which `yes`, `no`, `on`, `off` are words and a repeated key is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(None, None, "a key that is no word", key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping

    def construct_timestamp(self, node: yaml.ScalarNode) -> date:
        """Read a YAML instant; an impossible one is an error with its place."""
        try:
            instant: date = self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.MarkedYAMLError(
                None, None, f"{node.value!r} does not exist: {error}", node.start_mark
            ) from None
        return instant


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_timestamp)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            str(file),
            [Problem("", "no such file", "a configuration file")],
            "give its path with --config, or write one with: predictive-scoring init DIR",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(file), [Problem("", str(error), "a readable UTF-8 file")]) from None
    try:
        raw = _Loader(text).get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or str(error)
        raise ConfigError(str(file), [Problem(where, what, "valid YAML")]) from None
    if not isinstance(raw, dict):
        raise ConfigError(str(file), [Problem("", type(raw).__name__, "a mapping of keys")])
    return {str(key): value for key, value in raw.items()}


def _fill(value: Any, key: str, missing: list[Problem]) -> Any:
    """Values of the environment in place of ``${NAME}``."""
    if isinstance(value, dict):
        return {k: _fill(v, f"{key}.{k}".lstrip("."), missing) for k, v in value.items()}
    if isinstance(value, list):
        return [_fill(v, f"{key}[{i}]", missing) for i, v in enumerate(value)]
    if not isinstance(value, str):
        return value

    def variable(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            missing.append(
                Problem(key, f"${{{name}}}", f"the environment variable {name} to be set")
            )
        return os.environ.get(name, "")

    return _VARIABLE.sub(variable, value)


def _problems(error: ErrorDetails) -> list[Problem]:
    """One, or those that the whole file's own check has found."""
    if error["type"] == "undeclared":
        return list(error["ctx"]["problems"])
    return [_problem(error)]


def _problem(error: ErrorDetails) -> Problem:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return Problem(key, "this key", "no such key (is it spelt right?)")
    if error["type"] == "missing":
        return Problem(key, "nothing", "a value: this key is required")
    found = "this section" if isinstance(error["input"], dict) else repr(error["input"])
    expected = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return Problem(key, found[:80], expected)
