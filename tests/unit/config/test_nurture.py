"""Tracks have content, a lead is in one arm of a trial, actions can be done."""

import pytest


@pytest.mark.parametrize(
    ("keys", "where", "part"),
    [
        ({"tracks": {"a": {"content": []}}}, "tracks.a.content", "at least 1"),
        ({"tracks": {"a": {"content": ["x"], "tiers": ["hot"]}}}, "tracks.a.tiers.0", "nurture"),
        ({"actions": {"a": {"event": "x", "again_after": 0}}}, "actions.a.again_after", "1"),
        ({"trial": {"column": "arm", "treated": [], "control": ["c"]}}, "trial.treated", "1"),
        (
            {"trial": {"column": "arm", "treated": ["b", "a"], "control": ["a"]}},
            "trial",
            "either treated or control, not both: 'a'",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_key(problems, changed, keys, where, part):
    (problem,) = problems(changed("nurture", relational=True, **keys)).values()
    assert problem.key == f"nurture.{where}"
    assert part in problem.expected


def test_tracks_keep_their_order_and_take_every_tier_below_the_threshold(load, changed):
    tracks = {name: {"content": ["mail"]} for name in ("late", "early")}
    found = load(changed("nurture", tracks=tracks)).nurture.tracks
    assert set(found) == {"late", "early"}
    assert found["late"].tiers == ("nurture", "cold")
