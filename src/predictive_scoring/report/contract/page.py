"""The pages of the contract as HTML that needs nothing else: no script, no outside resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.report.contract.words import Words
from predictive_scoring.report.templating import environment, resource, safe

if TYPE_CHECKING:
    from markupsafe import Markup


def render(template: str, said: Words, **content: object) -> str:
    """Fill a template of the contract's; texts in it are said in the reader's language."""
    made = environment("contract")
    made.globals |= {"say": said.say, "count": said.count, "w": said, "lang": said.language.code}
    return made.get_template(template).render(css=style(), **content)


def style() -> Markup:
    """The style sheet: the report's, and what the contract's pages add to it."""
    return safe(resource("report.css") + resource("contract/contract.css"))
