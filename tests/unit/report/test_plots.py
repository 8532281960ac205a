import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import matplotlib as mpl
import numpy as np
import pytest

from predictive_scoring.records import Evaluation, MarketReliability
from predictive_scoring.report import ReportInputs, plot_files
from predictive_scoring.report.plots import MARKETS_SHOWN, figures

Make = Callable[..., ReportInputs]


def words(svg: bytes) -> str:
    return " ".join(ET.fromstring(svg).itertext()).replace("\u202f", " ")  # noqa: S314 (our own)


def test_every_picture_is_written_twice_and_alike(make: Make) -> None:
    r = make()
    files = plot_files(r.evaluation, r.candidates, r.predictions)
    assert sorted(files) == sorted(
        f"{n}.{s}"
        for n in ("candidates", "gains", "markets", "reliability")
        for s in ("png", "svg")
    )
    assert files == plot_files(r.evaluation, r.candidates, r.predictions)


def test_drawing_leaves_the_users_settings_alone(make: Make) -> None:
    with mpl.rc_context({"font.size": 33, "svg.hashsalt": "mine"}):
        plot_files(make().evaluation, make().candidates)
        assert (mpl.rcParams["font.size"], mpl.rcParams["svg.hashsalt"]) == (33, "mine")


def test_gains_draw_the_points_and_write_out_the_tenth(make: Make) -> None:
    r = make()
    text = words(plot_files(r.evaluation, ())["gains.svg"])
    assert "the best 10 % hold" in text
    assert "38 % of all SQLs" in text
    above, below = figures(r.evaluation, ())["gains"].axes
    curve = cast("Any", above.lines[1])
    assert list(curve.get_xdata()) == [0, 0.05, 0.1, 0.5, 1.0]
    assert list(curve.get_ydata()) == [0, 0.22, 0.38, 0.85, 1.0]
    assert list(cast("Any", below.lines[1]).get_ydata()) == [4.4, 3.8, 1.7, 1.0]


def test_reliability_draws_bins_intervals_and_all_predictions(make: Make) -> None:
    r = make()
    above, below = figures(r.evaluation, (), r.predictions)["reliability"].axes
    points = cast("Any", above.lines[1])
    assert list(points.get_xdata()) == [0.04, 0.1, 0.3]
    assert list(points.get_ydata()) == [0.05, 0.11, 0.28]
    segments = cast("Any", above.collections[0]).get_segments()
    assert segments[2].tolist() == [[0.3, pytest.approx(0.25)], [0.3, pytest.approx(0.31)]]
    assert sum(cast("Any", patch).get_height() for patch in below.patches) == 1000
    assert len(figures(r.evaluation, ())["reliability"].axes) == 1


def test_candidates_show_each_fold_and_the_chosen_one(make: Make) -> None:
    (axes,) = figures(make().evaluation, make().candidates)["candidates"].axes
    assert [t.get_text() for t in axes.get_yticklabels()] == ["base rate", "lightgbm"]
    assert [t.get_fontweight() for t in axes.get_yticklabels()] == ["normal", "bold"]
    assert list(cast("Any", axes.lines[0]).get_xdata()) == [0.40, 0.42]


def test_markets_are_sorted_by_size_and_limited(evaluation: Evaluation) -> None:
    (axes,) = figures(evaluation, ())["markets"].axes
    assert [t.get_text() for t in axes.get_yticklabels()] == ["Germany", "(none)", "Italy"]
    many = [MarketReliability(f"m{i}", i, 1, 0.1, 0.1, 0.0, 0.2) for i in range(1, 40)]
    (axes,) = figures(replace(evaluation, markets=tuple(many)), ())["markets"].axes
    shown = [t.get_text() for t in axes.get_yticklabels()]
    assert (len(shown), shown[0]) == (MARKETS_SHOWN, "m39")


def test_hostile_market_names_are_drawn_as_they_are(evaluation: Evaluation) -> None:
    names = ["$\\frac{1}{$", "<script>alert(1)</script>", "\x00\x08\ufffe", "日本 العربية", "&amp;"]
    rows = [MarketReliability(n, 100, 10, 0.1, 0.1, 0.05, 0.15) for n in names]
    files = plot_files(replace(evaluation, markets=tuple(rows)), ())
    text = words(files["markets.svg"])
    assert "$\\frac{1}{$" in text
    assert "<script>alert(1)</scr" in text
    assert b"<script" not in files["markets.svg"]


def test_nothing_to_draw_draws_nothing() -> None:
    assert plot_files(Evaluation(0, 0, 0, (), (), ()), ()) == {}


def test_degenerate_figures_are_drawn(evaluation: Evaluation) -> None:
    one = replace(
        evaluation,
        reliability=evaluation.reliability[:1],
        gains=evaluation.gains[-1:],
        markets=evaluation.markets[:1],
    )
    assert len(plot_files(one, (), np.zeros(5))) == 6
