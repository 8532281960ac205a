import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any, cast

import pytest

from predictive_scoring.records import NearestContract, SolvedThreshold
from predictive_scoring.report import (
    render_report,
    thresholds_figures,
    thresholds_page,
    thresholds_plot_files,
)


def words(svg):
    return " ".join(" ".join(ET.fromstring(svg).itertext()).replace("\u202f", " ").split())  # noqa: S314


def test_an_infeasible_contract_is_said_with_what_could_be_signed(thresholds, read):
    text = read(thresholds_page(thresholds(), "Acme Pumps", "en")).text
    assert "✗ infeasible: too few MQLs" in text
    assert "from 41 % on" in text
    assert "Of 372 such leads 36 % became SQLs (31 % to 41 %)." in text
    assert "62 MQLs a month To be expected; single months: 47 to 77. Promised: 100." in text
    assert "What could be signed instead: 30 % at 62 a month or 100 a month at 24.3 %." in text
    assert "cold below 4 % to nurture 4 % to 41 % MQL 41 % to 62 % hot from 62 %" in text
    assert "Germany 30 % at 40 a month ✓ kept 38 %" in text
    assert "France 30 % ✗ infeasible: the rate is out of reach possible: 21 % at 17 a month" in text
    assert "nothing promised for it alone 29 %" in text
    assert "the leads of all markets, which promises nothing for this one alone" in text


def test_a_kept_contract_is_said_in_french(kept, read):
    text = read(thresholds_page(kept, "Acme Pumps", "fr")).text.replace("\xa0", " ")
    assert "✓ tenu Au moins 30 % des prospects transmis deviennent SQL" in text
    assert "au niveau de confiance de 95 %" in text
    assert "62 MQL par mois" in text
    assert "pourrait être signé" not in text


def test_no_threshold_makes_nobody_an_mql(thresholds, read):
    solved = SolvedThreshold("", "own", 0.9, 0.95, 100.0, None, None, "rate out of reach")
    page = thresholds(everywhere=solved, markets=(), hot=None)
    text = read(thresholds_page(page, "A", "en")).text
    assert "Nobody is an MQL until another contract is signed." in text
    assert "cold below 4 % to nurture from 4 %" in text
    assert "from 41 % on" not in text


def test_a_contract_without_a_rate_promises_nothing(thresholds, read):
    solved = SolvedThreshold("", "own", None, 0.95, 100.0, None, None, "nothing promised")
    text = read(thresholds_page(thresholds(everywhere=solved, markets=()), "A", "en")).text
    assert "no rate promised" in text
    assert "there is no threshold to find" in text


def test_without_instants_volumes_are_shares_of_the_leads(thresholds, read):
    point = replace(thresholds().everywhere.point, volume=0.12, volume_low=0.1, volume_high=0.14)
    solved = SolvedThreshold(
        "", "own", 0.3, 0.95, None, None, point, "rate out of reach",
        (NearestContract(0.3, 0.2519, 0.0829),),
    )  # fmt: skip
    page = thresholds(unit="share", days=0.0, everywhere=solved, markets=(), frontier=(point,))
    text = read(thresholds_page(page, "A", "en")).text
    assert "12 % of the leads" in text
    assert "25.1 % at 8.2 % of the leads." in text  # rounded down: no more than can be kept
    assert "a month" not in text


def test_the_frontier_draws_the_records(thresholds):
    t = thresholds()
    (axes,) = thresholds_figures(t, "SQL", "en")["frontier"].axes
    seen, bound = (cast("Any", line) for line in axes.lines[:2])
    shown = [p for p in t.frontier if p.volume <= axes.get_xlim()[1]]
    assert list(seen.get_ydata()) == [p.rate for p in shown]
    assert list(bound.get_ydata()) == [p.bound for p in shown]
    marks = {(line.get_xdata()[0], line.get_ydata()[0]) for line in cast("Any", axes.lines[2:])}
    assert marks == {(62.4, 0.3), (100.0, 0.2438), (62.0, t.everywhere.point.rate), (100.0, 0.3)}


def test_plot_files_are_written_twice_and_alike(thresholds):
    files = thresholds_plot_files(thresholds())
    assert sorted(files) == ["frontier.png", "frontier.svg", "promises.png", "promises.svg"]
    assert files == thresholds_plot_files(thresholds())
    text = words(files["frontier.svg"])
    assert "the contract: 30 % at 100" in text
    assert "possible: 24.3 % at 100" in text
    assert "Japan (all markets’ leads)" in words(files["promises.svg"])


def test_the_training_report_has_them(thresholds, make, read):
    page = read(render_report(make(thresholds=thresholds(), success="deal")))
    assert page.open == []
    assert page.tags.count("svg") == 6
    ids = [value for key, value in page.attributes if key == "id"]
    assert len(ids) == len(set(ids))
    assert "share that become deals" in page.text
    assert "What could be signed instead" not in read(render_report(make())).text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "W" * 200, "\u202e\u05d0\u05d1 $x$"])
def test_hostile_markets_are_names(thresholds, read, name):
    markets = tuple(replace(m, market=name) for m in thresholds().markets)
    page = read(thresholds_page(thresholds(markets=markets), name, "fr"))
    assert page.open == []
    assert "script" not in page.tags
