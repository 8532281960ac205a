from typing import Literal

import pytest

from predictive_scoring.registry.versions import Promotion, read_promotions, standing


def move(version: str, previous: str, action: str = "promote") -> Promotion:
    what: Literal["promote", "rollback"] = "promote" if action == "promote" else "rollback"
    return Promotion(what, version, previous, "Ana", "2026-11-01T00:00:00+00:00", "é 'why'")


def test_moves_come_back_in_order_among_other_tags() -> None:
    moves = [move(str(i), str(i - 1)) for i in range(1, 12)]
    tags = dict(reversed([m.as_tag(n) for n, m in enumerate(moves, 1)])) | {"other": "x"}
    assert list(read_promotions(tags)) == moves


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], None),
        ([move("1", "")], "1"),
        ([move("1", ""), move("2", "1")], "2"),
        ([move("1", ""), move("2", "1"), move("1", "2", "rollback")], "1"),
        ([move("1", ""), move("2", "1"), move("1", "2", "rollback"), move("3", "1")], "3"),
        ([move("1", "", "rollback")], None),
    ],
)
def test_the_standing_promotion_is_what_rollbacks_left(
    moves: list[Promotion], expected: str | None
) -> None:
    found = standing(moves)
    assert (found.version if found else None) == expected


def test_a_rollback_is_written_on_the_version_it_removed() -> None:
    assert move("1", "2", "rollback").as_version_tags()[0] == "2"
    tagged, tags = move("2", "1").as_version_tags()
    assert (tagged, tags["previous_champion"], tags["promoted_by"]) == ("2", "1", "Ana")
