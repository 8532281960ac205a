import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from predictive_scoring.records import (
    Evaluation,
    FeatureSpec,
    LeftOut,
    MarketReliability,
    SourceCount,
)
from predictive_scoring.report import ReportInputs, render_report

Make = Callable[..., ReportInputs]
Read = Callable[[str], Any]


@pytest.fixture(scope="module")
def html(make: Make) -> str:
    return render_report(make())


def test_the_page_needs_nothing_from_outside(html: str, read: Read) -> None:
    page = read(html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form"} & set(page.tags)
    assert not [a for a, _ in page.attributes if a.startswith("on") or a in ("src", "srcset")]
    targets = [v for a, v in page.attributes if a in ("href", "xlink:href")]
    assert all(target.startswith("#") for target in targets)
    assert "url(http" not in html
    assert "@import" not in html
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes


def test_the_page_is_whole_and_its_ids_are_its_own(html: str, read: Read) -> None:
    page = read(html)
    assert page.open == []
    assert page.tags.count("svg") == 4
    ids = [value for key, value in page.attributes if key == "id"]
    assert len(ids) == len(set(ids))
    for target in [v for a, v in page.attributes if a == "xlink:href"]:
        assert target.removeprefix("#") in ids


def test_the_same_inputs_give_the_same_page(html: str, make: Make) -> None:
    assert render_report(make()) == html


@pytest.mark.parametrize(
    "words",
    [
        "Acme Pumps",
        "Trained 2026-11-01 07:30 UTC",
        "The best tenth by score held 38 % of all SQLs (between 33 % and 43 %)",
        "Log loss 0.3312 0.3105 0.3523 how far the probabilities are",
        "own figure 1.5000 1.2500 1.7500",
        "lightgbm (chosen) 0.3300 0.0090 143 trees",
        "Germany 700 98 15 % 14 % 11 % 17 %",
        "(none) 200 34 16 % 17 % 12 % 23 %",
        "immature too recent to know (not used) 2,101",
        "positive reached the outcome in time 1,831",
        "all 18,445",
        "with at least one snapshot 6,078 excluded: no creation date 134 all leads loaded 6,212",
        "train 2024-03-01 2025-11-30 9,120 3,300 1,080",
        "evaluate 2026-05-22 2026-07-31 1,000 1,000 144",
        "812 snapshots whose 90 days reach into a later period, and 143 of people",
        "events events.csv 120,412 118,005 7 2,400 bots: 2,400",
        "gender protected attribute",
        "0.9400 \u00d7 raw \u22120.070, then the market's own offset",
        "Germany \u22120.210 0.81 Italy +0.080 1.08",
        "1,013 snapshots of leads that sales never worked",
        "visit count 7d 0.610 sector 0.305",
        "bundle digest 3f2a3f2a",
        "The extract ends on 2026-10-31.",
    ],
)
def test_the_page_says(html: str, words: str, read: Read) -> None:
    assert words in read(html).text


def test_the_leads_add_up_to_those_loaded(make: Make, read: Read) -> None:
    excluded = {"closed": 2015, "no snapshot instant yet": 588}
    snapshots = replace(make().snapshots, leads=20_000, excluded=excluded)
    text = read(render_report(make(snapshots=snapshots))).text
    leads = text[text.index("with at least one snapshot") : text.index("The split")]
    *parts, whole = (int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", leads))
    assert parts == [17_397, 2015, 588]
    assert sum(parts) == whole == 20_000


def test_weak_features_unfold_and_those_of_no_part_are_counted(make: Make, read: Read) -> None:
    used = [(f"feature_{i}", 1 / i) for i in range(1, 23)]
    html = render_report(make(importance=(*used, ("faint", 0.0003), *[("none", 0.0)] * 30)))
    shown, _, folded = html.partition("<details>")
    folded, _, after = folded.partition("</details>")
    assert "feature 20<" in shown
    assert "feature 21" not in shown
    assert read(f"<p>{folded}").text.startswith("3 weaker features feature 21 0.048 feature 22")
    assert "faint < 0.001" in read(f"<p>{folded}").text
    assert "none<" not in html
    assert "30 more features play no part" in after


def test_few_features_need_no_folding(html: str) -> None:
    assert "<details>" not in html
    assert "play no part" not in html


def test_a_model_of_no_features_says_so(make: Make, read: Read) -> None:
    page = read(render_report(make(importance=(("size", 0.0),))))
    assert "1 feature plays no part in the scores looked at" in page.text


def test_the_verdict_comes_before_the_pictures_and_tables(html: str) -> None:
    assert html.index("best tenth") < html.index("<svg") < html.index("<table")


def test_rows_instead_of_dates(make: Make, read: Read) -> None:
    snapshots = replace(make().snapshots, ordered_by="rows")
    split = make().split
    periods = (replace(split.periods[0], first=1, last=9120),)
    page = read(render_report(make(snapshots=snapshots, split=replace(split, periods=periods))))
    assert "train row 1 row 9,120" in page.text


def test_hostile_names_are_words_and_nothing_else(
    make: Make, evaluation: Evaluation, read: Read
) -> None:
    bad = "</td><script>alert(1)</script>\"' onload=x {{ 7*7 }} <!--"
    markets = (MarketReliability(bad, 10, 5, 0.5, 0.5, 0.3, 0.7),)
    html = render_report(
        make(
            company=bad,
            success=bad,
            evaluation=replace(evaluation, markets=markets),
            counts=(SourceCount(bad, bad, 1, 0, 0, 1, {bad: 1}),),
            spec=FeatureSpec((), (LeftOut(bad, bad),)),
            importance=((bad, 0.1),),
            facts={bad: bad},
            notes=(bad,),
        )
    )
    page = read(html)
    assert page.open == []
    assert "script" not in page.tags
    assert not [a for a, _ in page.attributes if a.startswith("on")]
    assert "{{ 7*7 }}" in page.text
    assert page.text.count("alert(1)") > 8


def test_a_training_with_nothing_to_show_is_still_a_page(make: Make, read: Read) -> None:
    page = read(
        render_report(
            make(
                evaluation=Evaluation(0, 0, 0, (), (), ()),
                candidates=(),
                spec=FeatureSpec(()),
                importance=(),
                group_importance=(),
                predictions=None,
            )
        )
    )
    assert "svg" not in page.tags
    assert "every declared column" in page.text
    assert ("class", "card verdict poor") in page.attributes
