"""Plausible records of a training, made by hand, whose figures the tests know."""

from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from predictive_scoring.model import Calibration
from predictive_scoring.records import (
    Candidate,
    Evaluation,
    FeatureColumn,
    FeatureSpec,
    GainsPoint,
    LeftOut,
    MarketReliability,
    Metric,
    Period,
    ReliabilityBin,
    Snapshots,
    SourceCount,
    SplitReport,
)
from predictive_scoring.report import ReportInputs

Make = Callable[..., ReportInputs]
VOID = {"meta", "br", "img", "link", "input", "hr", "use", "path"}


class Page(HTMLParser):
    """The tags, attributes, ids and words of a page; notices tags closed in another order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(key, value or "") for key, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(key, value or "") for key, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\u202f", " ").split())


@pytest.fixture(scope="session")
def read() -> Callable[[str], Page]:
    """Read a page as a browser does."""
    return Page


def micros(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp() * 1_000_000)


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    bins = tuple(
        ReliabilityBin(p, o, o - 0.03, o + 0.03, 100)
        for p, o in [(0.04, 0.05), (0.1, 0.11), (0.3, 0.28)]
    )
    gains = (
        GainsPoint(0.05, 0.22, 4.4, 0.18, 0.26),
        GainsPoint(0.1, 0.38, 3.8, 0.33, 0.43),
        GainsPoint(0.5, 0.85, 1.7, 0.8, 0.9),
        GainsPoint(1.0, 1.0, 1.0, 1.0, 1.0),
    )
    markets = (
        MarketReliability("Italy", 100, 12, 0.1, 0.12, 0.07, 0.19),
        MarketReliability("Germany", 700, 98, 0.15, 0.14, 0.112, 0.168),
        MarketReliability("", 200, 34, 0.16, 0.17, 0.12, 0.23),
    )
    metrics = (Metric("log_loss", 0.3312, 0.3105, 0.3523), Metric("own_figure", 1.5, 1.25, 1.75))
    return Evaluation(1000, 1000, 144, metrics, bins, gains, markets)


@pytest.fixture(scope="session")
def make(evaluation: Evaluation) -> Make:
    """Make inputs, with some parts replaced."""

    def inputs(**parts: Any) -> ReportInputs:
        columns = (FeatureColumn("visit_count_7d", "number", "engagement", "count"),)
        content: dict[str, Any] = {
            "company": "Acme Pumps",
            "created": datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
            "horizon_days": 90,
            "evaluation": evaluation,
            "candidates": (
                Candidate("base_rate", 0.41, 0.01, (0.40, 0.42), False, "one for all"),
                Candidate("lightgbm", 0.33, 0.009, (0.32, 0.34), True, "143 trees"),
            ),
            "split": SplitReport(
                (
                    Period("train", 9120, 3300, 1080, micros(2024, 3, 1), micros(2025, 11, 30)),
                    Period("evaluate", 1000, 1000, 144, micros(2026, 5, 22), micros(2026, 7, 31)),
                ),
                812,
                143,
            ),
            "snapshots": Snapshots(
                "snapshots", 6212, 15331,
                {"positive": 1831, "negative": 13500, "immature": 2101, "censored": 1013},
                {"no creation date": 134}, 90 * 86_400_000_000, "time",
            ),
            "counts": (
                SourceCount("events", "events.csv", 120412, 118005, 7, 2400, {"bots": 2400}),
            ),
            "spec": FeatureSpec(columns, (LeftOut("gender", "protected attribute"),)),
            "calibration": Calibration(0.94, -0.07, {"Germany": -0.21, "Italy": 0.08}),
            "importance": (("visit_count_7d", 0.61), ("sector", 0.305)),
            "facts": {"bundle_digest": "3f2a" * 16, "seed": 20261101},
            "group_importance": (("engagement", 0.8),),
            "notes": ("The extract ends on 2026-10-31.",),
            "predictions": np.linspace(0.01, 0.5, 1000),
        }  # fmt: skip
        return ReportInputs(**{**content, **parts})

    return inputs
