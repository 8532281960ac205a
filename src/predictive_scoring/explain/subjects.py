"""What events and sales activities are called when they are counted, dated or compared.

Each subject is written out in every form a sentence needs, so that a translator can agree gender
and number instead of gluing words together. ``N_`` and ``NN_`` mark texts for the catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from predictive_scoring.records import FeatureColumn


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a message for the catalogues."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """Mark a message with a plural for the catalogues."""
    return one, many


@dataclass(frozen=True)
class Subject:
    """What is counted, in all its forms; ``%(name)s`` is the dimension's value.

    ``counted``: (one, many); ``none``: there was none; ``last``: when the newest was
    (``%(ago)s``); ``plural``: as the head of a sentence.
    """

    counted: tuple[str, str]
    none: str
    last: str
    plural: str


ANY = Subject(
    NN_("%(n)s interaction", "%(n)s interactions"),
    N_("no interaction"),
    N_("last interaction %(ago)s"),
    N_("interactions"),
)
TYPES: Mapping[str, Subject] = {
    "visit": Subject(
        NN_("%(n)s visit", "%(n)s visits"), N_("no visit"), N_("last visit %(ago)s"), N_("visits")
    ),
    "download": Subject(
        NN_("%(n)s download", "%(n)s downloads"),
        N_("no download"),
        N_("last download %(ago)s"),
        N_("downloads"),
    ),
    "webinar": Subject(
        NN_("%(n)s webinar attended", "%(n)s webinars attended"),
        N_("no webinar attended"),
        N_("last webinar attended %(ago)s"),
        N_("webinars"),
    ),
    "mail_open": Subject(
        NN_("%(n)s mail opened", "%(n)s mails opened"),
        N_("no mail opened"),
        N_("last mail opened %(ago)s"),
        N_("mails opened"),
    ),
    "mail_click": Subject(
        NN_("%(n)s click in a mail", "%(n)s clicks in mails"),
        N_("no click in a mail"),
        N_("last click in a mail %(ago)s"),
        N_("clicks in mails"),
    ),
    "form": Subject(
        NN_("%(n)s form filled in", "%(n)s forms filled in"),
        N_("no form filled in"),
        N_("last form filled in %(ago)s"),
        N_("forms filled in"),
    ),
}
SALES_ANY = Subject(
    NN_("%(n)s contact by sales", "%(n)s contacts by sales"),
    N_("no contact by sales"),
    N_("last contact by sales %(ago)s"),
    N_("contacts by sales"),
)
SALES_KINDS: Mapping[str, Subject] = {
    "call": Subject(
        NN_("%(n)s call by sales", "%(n)s calls by sales"),
        N_("no call by sales"),
        N_("last call by sales %(ago)s"),
        N_("calls by sales"),
    ),
    "mail": Subject(
        NN_("%(n)s mail from sales", "%(n)s mails from sales"),
        N_("no mail from sales"),
        N_("last mail from sales %(ago)s"),
        N_("mails from sales"),
    ),
    "meeting": Subject(
        NN_("%(n)s meeting with sales", "%(n)s meetings with sales"),
        N_("no meeting with sales"),
        N_("last meeting with sales %(ago)s"),
        N_("meetings with sales"),
    ),
}
OTHER_KIND = Subject(
    NN_("%(n)s contact by sales (%(name)s)", "%(n)s contacts by sales (%(name)s)"),
    N_("no contact by sales (%(name)s)"),
    N_("last contact by sales (%(name)s) %(ago)s"),
    N_("contacts by sales (%(name)s)"),
)
OTHER_TYPE = Subject(
    NN_("%(n)s interaction of type “%(name)s”", "%(n)s interactions of type “%(name)s”"),
    N_("no interaction of type “%(name)s”"),
    N_("last interaction of type “%(name)s” %(ago)s"),
    N_("interactions of type “%(name)s”"),
)
TOPIC = Subject(
    NN_("%(n)s interaction on the topic “%(name)s”", "%(n)s interactions on the topic “%(name)s”"),
    N_("no interaction on the topic “%(name)s”"),
    N_("last interaction on the topic “%(name)s” %(ago)s"),
    N_("interactions on the topic “%(name)s”"),
)
CHANNEL = Subject(
    NN_(
        "%(n)s interaction through the channel “%(name)s”",
        "%(n)s interactions through the channel “%(name)s”",
    ),
    N_("no interaction through the channel “%(name)s”"),
    N_("last interaction through the channel “%(name)s” %(ago)s"),
    N_("interactions through the channel “%(name)s”"),
)
CAMPAIGN = Subject(
    NN_(
        "%(n)s interaction from the campaign “%(name)s”",
        "%(n)s interactions from the campaign “%(name)s”",
    ),
    N_("no interaction from the campaign “%(name)s”"),
    N_("last interaction from the campaign “%(name)s” %(ago)s"),
    N_("interactions from the campaign “%(name)s”"),
)


@dataclass(frozen=True)
class Counted:
    """What is counted about the other people of a lead's account.

    ``counted``: (one, many); ``none``: there was none; ``plural``: as the head of a sentence.
    """

    counted: tuple[str, str]
    none: str
    plural: str


COLLEAGUES: Mapping[str, Counted] = {
    "known": Counted(
        NN_("%(n)s other lead at the same company", "%(n)s other leads at the same company"),
        N_("no other lead at the same company"),
        N_("other leads at the same company"),
    ),
    "active": Counted(
        NN_(
            "%(n)s other lead active at the same company",
            "%(n)s other leads active at the same company",
        ),
        N_("no other lead active at the same company"),
        N_("other leads active at the same company"),
    ),
    "events": Counted(
        NN_(
            "%(n)s interaction by others at the same company",
            "%(n)s interactions by others at the same company",
        ),
        N_("no interaction by others at the same company"),
        N_("interactions by others at the same company"),
    ),
    "sqls": Counted(
        NN_("%(n)s earlier SQL at the same company", "%(n)s earlier SQLs at the same company"),
        N_("no earlier SQL at the same company"),
        N_("earlier SQLs at the same company"),
    ),
    "rejections": Counted(
        NN_(
            "%(n)s lead rejected earlier at the same company",
            "%(n)s leads rejected earlier at the same company",
        ),
        N_("no lead rejected earlier at the same company"),
        N_("leads rejected earlier at the same company"),
    ),
}

_DIMENSIONS: Mapping[str, Subject] = {"topic": TOPIC, "channel": CHANNEL, "campaign": CAMPAIGN}


def subject_of(column: FeatureColumn, labelled: bool = False) -> Subject:
    """The subject of a column that counts, dates or compares events or sales activities.

    ``labelled``: the company has its own word for the value, so it is named by that word.
    """
    sales = column.source == "activities"
    if not column.value:
        return SALES_ANY if sales else ANY
    if column.dimension in _DIMENSIONS:
        return _DIMENSIONS[column.dimension]
    known, other = (SALES_KINDS, OTHER_KIND) if sales else (TYPES, OTHER_TYPE)
    return other if labelled else known.get(column.value, other)
