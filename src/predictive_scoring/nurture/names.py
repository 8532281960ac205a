"""What events are called when a list says which there were: "pricing page, webinar".

What is not listed here appears as the company wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from predictive_scoring.language import Language


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a message for the catalogues."""
    return message


_TYPES: Mapping[str, str] = {
    "visit": N_("visit"),
    "download": N_("download"),
    "webinar": N_("webinar"),
    "mail_open": N_("mail opened"),
    "mail_click": N_("click in a mail"),
    "form": N_("form filled in"),
}
_TOPICS: Mapping[str, str] = {
    "blog": N_("blog"),
    "careers": N_("careers"),
    "case_study": N_("case studies"),
    "company": N_("company"),
    "pricing": N_("pricing"),
    "product": N_("products"),
    "technical": N_("technical documents"),
}


def event_name(kind: str, topic: str, language: Language) -> str:
    """What an event is called, by its type and its topic ("" = none).

    The company's own words (``type=…``, ``topic=…`` or the bare value) go first.
    """
    about = _name("topic", topic, _TOPICS, language) if topic else ""
    own = language.label("type", kind)
    if kind == "visit" and own is None and about:
        return language.say(N_("%(topic)s page"), topic=about)
    what = own or _name("type", kind, _TYPES, language)
    return f"{what} ({about})" if about else what


def _name(dimension: str, value: str, known: Mapping[str, str], language: Language) -> str:
    own = language.label(dimension, value)
    if own is not None:
        return own
    return language.say(known[value]) if value in known else value
