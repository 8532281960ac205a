import numpy as np

from predictive_scoring.demo.text import join, number, pick, where


def test_pick_keeps_missing_words_missing() -> None:
    assert pick(("a", None, "c"), np.array([2, 1, 0, 0])).to_pylist() == ["c", None, "a", "a"]


def test_join_is_missing_where_a_part_is() -> None:
    parts = pick(("x", None), np.array([0, 1]))
    assert join("<", parts, ">").to_pylist() == ["<x>", None]


def test_numbers_are_padded_and_never_cut() -> None:
    assert number(np.array([7, 1234]), 3).to_pylist() == ["007", "1234"]


def test_where_takes_the_other_text_or_nothing() -> None:
    words, keep = pick(("a", "b"), np.array([0, 1])), np.array([True, False])
    assert where(keep, words).to_pylist() == ["a", None]
    assert where(keep, words, "z").to_pylist() == ["a", "z"]
    assert where(keep, words, pick(("q",), np.array([0, 0]))).to_pylist() == ["a", "q"]
