import io

import numpy as np
import pyarrow as pa
import pytest
from rich.console import Console

from predictive_scoring.explain.contributions import MARKET_OFFSET
from predictive_scoring.explain.reasons import observed_table
from predictive_scoring.explain.waterfall import waterfall
from predictive_scoring.records import Contributions, FeatureColumn

COLUMNS = (
    FeatureColumn("industry", "category", "fit", "profile"),
    FeatureColumn("visits", "number", "engagement", "count", "events", "type", "visit", 7),
    FeatureColumn("quiet", "number", "engagement", "recency", "events", "type", "visit"),
    MARKET_OFFSET,
)
FEATURES = pa.table({"industry": ["[red]food[/red]"], "visits": [3.0], "quiet": [2.0]})


def drawn(values, lang="en", count=10, lead="L1"):
    contributions = Contributions(-2.0, np.array([values]), tuple(c.name for c in COLUMNS))
    observed = observed_table(FEATURES, np.array(["DE"], dtype=object), COLUMNS)
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(waterfall(contributions, COLUMNS, observed, lead, lang, count))
    return console.file.getvalue()  # type: ignore[attr-defined]


def line(text, beginning):
    return next(row for row in text.splitlines() if row.strip().startswith(beginning)).split()


def test_from_the_base_to_the_probability():
    text = drawn([0.5, 1.0, -0.25, 0.75])

    assert line(text, "Base ")[-1] == "11.92%"
    assert line(text, "Engagement")[1] == "+0.75"
    assert line(text, "3 visits in 7 days")[5] == "+1"
    assert line(text, "Probability")[-1] == "50%"
    assert "Base level of the market: Germany" in text
    assert "All other reasons" not in text


def test_bars_are_in_proportion():
    text = drawn([0.5, 1.0, -0.25, 0.0])

    bars = [line(text, "3 visits"), line(text, "Last visit")]
    assert [sum(part.count("█") for part in bar) for bar in bars] == [20, 5]


def test_what_is_not_listed_is_one_line_so_that_all_adds_up():
    text = drawn([0.5, 1.0, -0.25, 0.75], count=2)

    assert "Last visit" not in text
    assert line(text, "All other reasons")[3] == "+0.25"


def test_in_french():
    text = drawn([0.5, 1.0, -0.25, 0.75], lang="fr").replace("\xa0", " ")

    assert "Score du prospect L1" in text
    assert "3 visites en 7 jours" in text
    assert "Probabilité" in text
    assert "11,92 %" in text


def test_a_companys_own_words_are_no_markup():
    text = drawn([0.5, 0.0, 0.0, 0.0], lead="[bold]L1")

    assert "[red]food[/red]" in text
    assert "[bold]L1" in text


@pytest.mark.parametrize("values", [[0.0, 0.0, 0.0, 0.0]])
def test_a_lead_without_reasons(values):
    text = drawn(values)

    assert line(text, "Base ")[-1] == line(text, "Probability")[-1] == "11.92%"
