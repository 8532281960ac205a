"""Templates and style sheets of the pages, and how pictures stand in them."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def environment(folder: str = "") -> Environment:
    """Templates of a folder; whatever is written into them is escaped, nothing may be missing."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    start = f"{folder}/" if folder else ""
    return Environment(
        loader=FunctionLoader(lambda name: resource(start + name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def resource(name: str) -> str:
    """The text of a file in the templates' folder."""
    folder = files("predictive_scoring.report") / "templates"
    return folder.joinpath(*name.split("/")).read_text("utf-8")


def safe(text: str) -> Markup:
    """Let our own style sheet and matplotlib's SVG, which escapes what it writes, stand as is."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704
