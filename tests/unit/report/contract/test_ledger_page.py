from dataclasses import replace
from typing import Any, cast

import pyarrow as pa
import pytest

from predictive_scoring.contract.intervals import wilson
from predictive_scoring.records import Escalation, Irregularity, Promise
from predictive_scoring.report import ledger_page
from predictive_scoring.report.contract.ledger_plots import ledger_figures
from predictive_scoring.report.contract.words import words


@pytest.fixture(scope="module")
def html(ledger, efforts, thresholds):
    return ledger_page(ledger(), efforts, thresholds(), "en")


@pytest.fixture(scope="module")
def text(html, read):
    return read(html).text


@pytest.mark.parametrize(
    "said",
    [
        "what happened: September 2026",
        "Marketing: 1 of 3 kept Broken: MQLs handed over, 84 against 100.",
        "Not decided yet: MQLs that became SQLs, 25 % against 30 %.",
        "Sales: 0 of 3 kept",
        "No data: Rejections with an agreed reason. By market: 1 of 1 kept.",
        "MQLs handed over ✗ broken 84; promised: 100",
        "MQLs that became SQLs … not decided yet 25 %; promised: 30 % (21 of 84, interval 17 %",
        "12 can still go either way.",
        "Activities written down ✗ broken 99 %; promised: 100 % (167 of 168)",
        "Rejections with an agreed reason – no data Promised: 100 %",
        "Germany MQLs handed over 41 40 ✓ kept",
        "Europe 60 15/60 (25 %) 30 15 47/55 (85 %) 2 6 5 5.2 h 117/120 (98 %)",
        "the head of sales L-18 – Asia, Japan 28 h",
        "4 breaches. Instants are UTC.",
        "L-17 Ann Europe, France contacted too late 3 Sep 2026 14:05 6 Sep 2026 14:05",
        "L-19 Ann Europe, Germany not written down (1/2 were) 3 Sep 2026 14:05 – – –",
        "rejected for a reason the contract does not have (a competitor won)",
        "it has no owner 12 L-0, L-1, L-2, L-3, L-4, L-5, L-6, L-7 … give it one",
        "3 leads became SQLs later than the horizon",
        "partner 20 6 open 6 2 0",
        "… not yet: 14 leads, rate between 4 % and 40 %",
        "✗ too little comes of it: 420 leads, rate between 1.1 % and 4 %",
        "✓ enough: 812 leads, rate between 10 % and 14 %",
        "fair 12 days 30 days – €40,000 €1,333 a loss of €12,400",
        "website 12 days 30 days – €12,000 €122 a profit of €45,600",
        "email 12 days 30 days – 41 52",
        "costs by market (EUR 300) are not in figures by source",
        "What could be signed instead",
    ],
)  # fmt: skip
def test_the_page_says(text, said):
    assert said in text


def test_the_page_needs_nothing_from_outside_and_is_whole(html, read):
    page = read(html)
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    ids = [value for key, value in page.attributes if key == "id"]
    assert len(ids) == len(set(ids))
    assert page.tags.count("svg") == 7


def test_the_same_records_give_the_same_page(html, ledger, efforts, thresholds):
    assert ledger_page(ledger(), efforts, thresholds(), "en") == html


def test_the_page_is_french_for_the_french(ledger, efforts, read):
    text = read(ledger_page(ledger(complete=False), efforts, None, "fr")).text.replace("\xa0", " ")
    assert "passé : septembre 2026" in text
    assert "MQL transmis, 84 pour 100 promis" in text
    assert "Tout est à la date du 31 oct. 2026 22:00 UTC" in text
    assert "… pas encore : 14 prospects, taux entre 4 % et 40 %" in text
    assert "une perte de 12 400 €" in text
    assert "lui en donner un : personne ne peut en répondre" in text
    assert "kept" not in text


def test_of_many_breaches_the_first_fifty_are_shown_and_all_are_counted(ledger, read):
    many = tuple(replace(ledger().breaches[0], lead_id=f"N{n:03}") for n in range(212))
    text = read(ledger_page(ledger(breaches=many), (), None, "en")).text
    assert "212 breaches. The first 50; the file of breaches has all." in text
    assert "N049" in text
    assert "N050" not in text


def test_a_gauge_is_as_wide_as_what_happened(html):
    assert '<i style="width:84.0%"></i><u style="left:100.0%"></u>' in html
    assert '<i style="width:25.0%"></i><u style="left:30.0%"></u>' in html


def test_a_promise_just_missed_does_not_look_kept(ledger, read):
    missed = Promise("sales", "contacted", "", 0.95, wilson(1895, 2000), 1895, 0, "broken")
    text = read(ledger_page(ledger(promises=(missed,)), (), None, "en")).text
    assert "94.8 %; promised: 95 %" in text


def test_months_and_delays_draw_every_mql(ledger):
    drawn = ledger_figures(ledger(), words("en"))
    above, middle, _ = drawn["months"].axes
    assert sum(cast("Any", bar).get_height() for bar in above.patches) == sum(
        m.mqls for m in ledger().months
    )
    assert next(iter(cast("Any", middle.lines[0]).get_ydata())) == pytest.approx(15 / 60)
    (axes,) = drawn["delays"].axes
    assert sum(cast("Any", bar).get_height() for bar in axes.patches) == 84


def test_a_quarters_volume_is_drawn_by_month(ledger):
    quarter = replace(ledger().window, first=ledger().window.first.replace(month=7))
    promised = (replace(ledger().promises[0], promised=300.0),)
    figure = ledger_figures(ledger(window=quarter, promises=promised), words("en"))["months"]
    (line,) = cast("Any", figure.axes[0].lines)
    assert set(line.get_ydata()) == {100.0}


def test_hostile_words_are_words(ledger, efforts, read):
    bad = "</td><script>alert(1)</script>\"' onload=x {{ 7*7 }}"
    hostile = ledger(
        company=bad,
        lines=tuple(replace(line, value=bad) for line in ledger().lines),
        months=tuple(replace(line, value=bad) for line in ledger().months[:1]),
        reasons=((bad, 3, True), ("W" * 200, 2, False), ("\u202e\u05d0", 1, True)),
        breaches=tuple(
            replace(b, lead_id=bad, owner=bad, team=bad, market=bad, detail=bad)
            for b in ledger().breaches
        ),
        escalations=(Escalation(bad, bad, bad, bad, 1.0, bad),),
        irregularities=(Irregularity(bad, bad, bad),),
        notes=(bad,),
        window=replace(ledger().window, scope={"market": bad}),
    )
    tables = tuple(
        replace(t, dimension=bad, currency=bad, notes=(bad,),
                efforts=tuple(replace(e, value=bad) for e in t.efforts))
        for t in efforts
    )  # fmt: skip
    page = read(ledger_page(hostile, tables, None, "en"))
    assert page.open == []
    assert "script" not in page.tags
    assert not [a for a, _ in page.attributes if a.startswith("on")]
    assert page.text.count("alert(1)") > 20


def test_a_ledger_of_nothing_is_still_a_page(ledger, read):
    rows = pa.table({"hours": pa.array([], pa.float64()), "contact": pa.array([], pa.string())})
    empty = ledger(
        promises=(), lines=(), months=(), reasons=(), breaches=(), escalations=(),
        irregularities=(), rows=rows, notes=(),
    )  # fmt: skip
    page = read(ledger_page(empty, (), None, "en"))
    assert page.open == []
    assert "svg" not in page.tags
    assert "The contract promises nothing on this side." in page.text
    assert "Where the contract was broken Nowhere." in page.text
