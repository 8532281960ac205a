from collections.abc import Callable
from typing import Any

import pytest

from predictive_scoring import features

LEADS = 60
VALUES: dict[str, tuple[str, Callable[[int], Any], str]] = {
    "industry": ("category", lambda i: ["food", "water"][i % 2], ""),
    "sparse": ("category", lambda i: "yes" if i < 9 else None, ""),
    "turnover": ("number", lambda i: i * 7919.0, ""),
    "rating": ("number", lambda i: float(i % 5), ""),
    "city": ("category", lambda i: f"Saint-Rémy-de-Provence {i % 9}", ""),
    "constant": ("category", lambda _: "x", "constant"),
    "empty": ("category", lambda _: None, "all values are missing"),
    "remark": ("category", lambda i: f"called again on day {i}, wants a quote", "free text"),
    "contact": ("category", lambda i: f"p{i % 3}@example.org", "e-mail"),
    "line": ("category", lambda i: f"+33 1 23 45 67 {i % 7:02}", "telephone"),
    "token": ("category", lambda i: f"{i % 4:08x}cafe", "hexadecimal"),
    "reference": ("category", lambda i: f"REF-{i}", "identifier: 60 different"),
    "number": ("number", lambda i: 1000.0 + i, "running number"),
    "gender": ("category", lambda i: ["f", "m"][i % 2], "protected attribute (gender)"),
}


@pytest.fixture
def company(history: Callable[..., Any], day: Callable[..., Any]) -> Any:
    made = history(profile={name: kind for name, (kind, _, _) in VALUES.items()})
    for i in range(LEADS):
        values = {f"profile_{name}": value(i) for name, (_, value, _) in VALUES.items()}
        made.add("leads", lead_id=f"L{i}", created_at=day(i), **values)
    return made


def _audit(company: Any, **settings: Any) -> tuple[tuple[str, ...], dict[str, str]]:
    spec = features.plan(company.extract(), company.config(**settings))
    used = tuple(c.dimension for c in spec.columns if c.measure == "profile")
    return used, {one.column: one.reason for one in spec.left_out}


def test_each_column_is_used_or_left_out_with_its_reason(company: Any) -> None:
    used, left_out = _audit(company)
    assert used == tuple(name for name, (_, _, reason) in VALUES.items() if not reason)
    wrong = {n: r for n, r in left_out.items() if VALUES[n][2] not in r}
    assert not wrong
    assert set(used) | set(left_out) == set(VALUES)


def test_exceptions_are_declared_with_a_reason(company: Any) -> None:
    keep = dict.fromkeys(("remark", "contact", "number", "constant"), "asked for")
    used, left_out = _audit(
        company, features={"keep": keep}, protected={"allow": {"gender": "parity programme"}}
    )
    assert {"remark", "contact", "number", "gender"} <= set(used)
    assert "constant" in left_out["constant"]


def test_a_new_name_for_a_protected_column_does_not_help(company: Any) -> None:
    company.profile["industry"] = {"type": "category", "column": "sexe"}
    leads = {"profile": company.profile, "ignore": {"duration": "known only afterwards"}}
    spec = features.plan(_plain(company).extract(), company.config(leads=leads))
    used, reasons = spec.names, {one.column: one.reason for one in spec.left_out}
    assert "industry" not in used
    assert "protected attribute (gender)" in reasons["industry"]
    assert reasons["duration"] == "known only afterwards"


def test_a_column_declared_as_no_feature_is_none_whatever_else_speaks_for_it(company: Any) -> None:
    company.profile["industry"] = {"type": "category", "feature": False}
    company.profile["gender"] = {"type": "category", "feature": False}
    reason = {"industry": "declared as no feature", "gender": "declared as no feature"}
    config = company.config(features={"keep": {"industry": "asked for"}})
    spec = features.plan(_plain(company).extract(), config)
    assert "industry" not in spec.names
    assert "rating" in spec.names
    assert reason.items() <= {one.column: one.reason for one in spec.left_out}.items()


def _plain(company: Any) -> Any:
    plain = company.copy()
    plain.profile = {name: kind for name, (kind, _, _) in VALUES.items()}
    return plain


def test_few_leads_are_no_evidence_of_identifiers(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    company = history(profile={"industry": "category", "size": "number"})
    for i in range(5):
        company.add("leads", lead_id=f"L{i}", created_at=day(i), profile_industry=f"kind {i}",
                    profile_size=float(i))  # fmt: skip
    assert _audit(company) == (("industry", "size"), {})


@pytest.fixture
def logged(history: Callable[..., Any], day: Callable[..., Any]) -> Any:
    """100 leads, the logs of 99 begin at creation; the last lead has none."""
    made = history(declared=frozenset({"leads", "stages", "changes"}), profile={"size": "number"})
    for i in range(100):
        made.add("leads", lead_id=f"L{i}", created_at=day(1), profile_size=float(i % 7))
        if i < 99:
            made.add("changes", lead_id=f"L{i}", column="size", value="12", changed_at=day(1))
    return made


def test_a_history_is_whole_or_the_column_is_left_out(logged: Any, day: Callable[..., Any]) -> None:
    assert _audit(logged) == (("size",), {})
    logged.add("changes", lead_id="L99", column="size", value="3", changed_at=day(1, 1))
    used, left_out = _audit(logged)
    assert used == ()
    assert left_out["size"].startswith("the history of 1 lead begins after its creation")
    assert _audit(logged, features={"keep": {"size": "asked for"}}) == (("size",), {})


def test_a_change_before_creation_is_no_gap(logged: Any, day: Callable[..., Any]) -> None:
    logged.add("changes", lead_id="L99", column="size", value="3", changed_at=day(0))
    assert _audit(logged) == (("size",), {})


def test_without_dates_no_history_can_be_kept(logged: Any) -> None:
    settings = {
        "leads": {"created_at": None, "order": "rows"},
        "outcome": {"column": "y", "positive": ["1"], "negative": ["0"]},
        "features": {"keep": {"size": "asked for"}},
    }
    logged.declared = frozenset({"leads", "changes"})
    for number, row in enumerate(logged.rows["leads"]):
        row["outcome"] = bool(number % 2)
    used, left_out = _audit(logged, **settings)
    assert used == ()
    assert left_out["size"] == "it changes over time, and leads have no date"


def test_the_newest_leads_have_no_say(history: Callable[..., Any], day: Callable[..., Any]) -> None:
    """What only leads of the newest period know is not known to a model trained before."""
    company = history(profile={"industry": "category", "size": "number"})
    for i in range(100):
        company.add("leads", lead_id=f"L{i}", created_at=day(i), profile_size=float(i % 3),
                    profile_industry=None if i < 90 else str(i % 3))  # fmt: skip
    ages = {"ages": {"first": 0, "every": 1, "until": 0}, "score_at": "snapshot"}
    used, left_out = _audit(company, snapshots=ages)
    assert used == ("size",)
    assert left_out == {"industry": "all values are missing"}
    flat = {"column": "y", "positive": ["1"], "negative": ["0"]}
    company.declared = frozenset({"leads"})
    for number, row in enumerate(company.rows["leads"]):
        row["outcome"] = bool(number % 2)
    for leads in ({}, {"created_at": None, "order": "rows"}):
        assert _audit(company, outcome=flat, leads=leads) == (used, left_out)
