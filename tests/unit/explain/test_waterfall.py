import io
import re
from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from rich.console import Console

from predictive_scoring.explain.contributions import MARKET_OFFSET
from predictive_scoring.explain.reasons import observed_table
from predictive_scoring.explain.waterfall import Heading, waterfall
from predictive_scoring.records import Contributions, FeatureColumn

COLUMNS = (
    FeatureColumn("industry", "category", "fit", "profile"),
    FeatureColumn("visits", "number", "engagement", "count", "events", "type", "visit", 7),
    FeatureColumn("quiet", "number", "engagement", "recency", "events", "type", "visit"),
    MARKET_OFFSET,
)
FEATURES = pa.table({"industry": ["[red]food[/red]"], "visits": [3.0], "quiet": [2.0]})


def drawn(values, lang="en", count=10, lead="L1", base=-2.0, **more):
    contributions = Contributions(base, np.array([values]), tuple(c.name for c in COLUMNS))
    observed = observed_table(FEATURES, np.array(["DE"], dtype=object), COLUMNS)
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(waterfall(contributions, COLUMNS, observed, lead, lang, count, **more))
    return console.file.getvalue()  # type: ignore[attr-defined]


def line(text, beginning):
    return next(row for row in text.splitlines() if row.strip().startswith(beginning)).split()


def test_from_the_base_to_the_probability():
    text = drawn([0.5, 1.0, -0.25, 0.75])

    assert line(text, "Base ") == ["Base", "−2.00", "11.92%"]
    assert line(text, "Engagement")[1] == "+0.75"
    assert line(text, "3 visits in 7 days")[5] == "+1.00"
    assert line(text, "Probability") == ["Probability", "+0.00", "50.00%"]
    assert "Base level of the market: Germany" in text
    assert "All other reasons" not in text


def test_bars_are_in_proportion():
    text = drawn([0.5, 1.0, -0.25, 0.0])

    visits, last = line(text, "3 visits"), line(text, "Last visit")
    assert visits[6] == "│██████"
    assert last[6] == "▒▒│"


def test_for_and_against_are_told_apart_without_colour_however_small():
    text = drawn([0.01, 9.0, -0.01, 0.0])

    assert line(text, "Industry")[3] == "│▌"
    assert line(text, "Last visit")[6] == "░│"


def test_it_is_read_from_top_to_bottom():
    text = drawn([0.5, 1.0, -0.25, 0.75])

    headings = ["Base ", "By group", "Fit ", "Probability", "Strongest reasons", "3 visits"]
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize(
    "values",
    [[0.005, 0.005, 0.005, 0.005], [0.504, 1.004, -0.2549, 0.3349], [0.333, 0.333, 0.333, -0.996]],
)
def test_either_list_adds_up_as_it_is_written(values, count):
    rows = drawn(values, base=-1.996, count=count).splitlines()
    number = re.compile(r"[+−]\d+\.\d\d(?= )")
    found = [(row, Decimal(m[0].replace("−", "-"))) for row in rows if (m := number.search(row))]
    end = next(i for i, (row, _) in enumerate(found) if "Probability" in row)
    way = found[end][1] - found[0][1]

    assert sum(value for _, value in found[1:end]) == way
    assert sum(value for _, value in found[end + 1 :]) == way
    assert all(value for _, value in found[1:end] + found[end + 1 :])


def test_a_hundredth_that_rounding_leaves_is_no_other_reason():
    text = drawn([0.333, 0.333, 0.333, 0.1], count=4)

    assert "All other reasons" not in text
    assert "+0.34" in text


def test_above_it_stands_which_score_it_is():
    heading = Heading("DE", datetime(2026, 10, 31, 23, 59), "3", 97.25)  # noqa: DTZ001 - the store's
    english = drawn([0.5, 0, 0, 0], heading=heading)
    french = drawn([0.5, 0, 0, 0], lang="fr", heading=heading).replace("\xa0", " ")

    said = "market Germany, as of 31 October 2026 23:59 UTC, model version 3, percentile 97.25"
    assert said in english
    assert "marché : Allemagne, au 31 octobre 2026 23:59 UTC, version 3 du modèle" in french
    assert "as of" not in drawn([0.5, 0, 0, 0], heading=Heading())


def test_the_companys_own_words_are_used():
    text = drawn([0.5, 0, 0, 0], labels={"en": {"industry": "trade"}})

    assert "Trade: [red]food[/red]" in text


def test_what_is_not_listed_is_one_line_so_that_all_adds_up():
    text = drawn([0.5, 1.0, -0.25, 0.75], count=2)

    assert "Last visit" not in text
    assert "All other reasons" not in drawn([0.5, 1.0, 0.0, 0.0], count=2)
    assert line(text, "All other reasons")[3] == "+0.25"


def test_in_french():
    text = drawn([0.5, 1.0, -0.25, 0.75], lang="fr").replace("\xa0", " ")

    assert "Score du prospect L1" in text
    assert "3 visites en 7 jours" in text
    assert "Probabilité" in text
    assert "11,92 %" in text
    assert "Par groupe" in text
    assert "Raisons principales (déjà comptées)" in text


def test_a_companys_own_words_are_no_markup():
    text = drawn([0.5, 0.0, 0.0, 0.0], lead="[bold]L1")

    assert "[red]food[/red]" in text
    assert "[bold]L1" in text


@pytest.mark.parametrize("values", [[0.0, 0.0, 0.0, 0.0]])
def test_a_lead_without_reasons(values):
    text = drawn(values)

    assert line(text, "Base ")[1:] == line(text, "Probability")[1:] == ["−2.00", "11.92%"]
    assert "+0.00" not in text
