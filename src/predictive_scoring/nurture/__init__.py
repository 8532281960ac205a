"""Leads that are not ready yet: a track and a next best action for each, and what they change."""

from predictive_scoring.nurture.actions import allowed_actions, choose
from predictive_scoring.nurture.summary import lead_rows, summarise
from predictive_scoring.nurture.tracks import tracks
from predictive_scoring.nurture.uplift import uplift
from predictive_scoring.nurture.why_now import why_now
from predictive_scoring.nurture.words import association, uplift_notes

__all__ = [
    "allowed_actions",
    "association",
    "choose",
    "lead_rows",
    "summarise",
    "tracks",
    "uplift",
    "uplift_notes",
    "why_now",
]
