"""What must be said with the figures, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from predictive_scoring.language import load
from predictive_scoring.nurture.names import N_

if TYPE_CHECKING:
    from predictive_scoring.language import Language
    from predictive_scoring.records import Uplift

_ASSOCIATION = N_(
    "An expected change is an association: leads that did this became SQLs more often. Whether "
    "inviting a lead makes it so, only a trial by lot can tell."
)
_DIMENSIONS = {"market": N_("market"), "source": N_("source"), "month": N_("month of creation")}


def association(lang: str) -> str:
    """The warning that goes with every expected change."""
    return _language(lang).say(_ASSOCIATION)


def no_action(possible: bool, lang: str) -> str:
    """Why a lead has no next best action; ``possible``: it could still take one."""
    language = _language(lang)
    if possible:
        return language.say("no action is expected to raise its probability")
    return language.say("no action is left for this lead")


def uplift_notes(uplift: Uplift, lang: str) -> tuple[str, ...]:
    """What to know before believing a measured uplift, in sentences."""
    return tuple(_notes(uplift, _language(lang)))


def _notes(uplift: Uplift, language: Language) -> Iterator[str]:
    treated, control = uplift.treated, uplift.control
    yield language.say(
        "Intention to treat: every lead drawn counts, whether or not nurturing reached it. Leads "
        "that sales never worked count as not SQL: %(treated)s treated, %(control)s controls.",
        treated=language.number(treated.unworked), control=language.number(control.unworked),
    )  # fmt: skip
    if young := treated.immature + control.immature:
        yield language.count(
            "%(n)s lead is not counted yet: less than %(days)s days have passed since its "
            "creation.",
            "%(n)s leads are not counted yet: less than %(days)s days have passed since their "
            "creation.",
            young, days=language.number(uplift.horizon_days),
        )  # fmt: skip
    if unknown := treated.unknown + control.unknown:
        yield language.count(
            "%(n)s lead is not counted: its outcome is not recorded.",
            "%(n)s leads are not counted: their outcome is not recorded.",
            unknown,
        )
    for balance in uplift.balance:
        if not balance.drawn:
            yield language.say(
                "The share of treated leads differs by %(dimension)s (p < 0.001): the groups do "
                "not look drawn by lot, and the difference may have other causes.",
                dimension=language.say(_DIMENSIONS[balance.dimension]),
            )
    if uplift.by_account:
        yield language.say(
            "Whole accounts were drawn, and leads of an account are alike: the interval is too "
            "narrow."
        )
    if uplift.moved:
        yield language.count(
            "%(n)s lead changed its group and counts where it is now, which no lot decided.",
            "%(n)s leads changed their group and count where they are now, which no lot decided.",
            uplift.moved,
        )


def _language(lang: str) -> Language:
    return load("predictive_scoring.nurture", "nurture", lang)
