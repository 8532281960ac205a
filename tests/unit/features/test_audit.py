from collections.abc import Callable
from typing import Any

import pytest

from predictive_scoring.features.audit import audit

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
    used, left_out = audit(company.extract(), company.config(**settings))
    return used, {one.column: one.reason for one in left_out}


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
    used, left_out = audit(_plain(company).extract(), company.config(leads=leads))
    reasons = {one.column: one.reason for one in left_out}
    assert "industry" not in used
    assert "protected attribute (gender)" in reasons["industry"]
    assert reasons["duration"] == "known only afterwards"


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


@pytest.mark.parametrize(("first", "reason"), [(0, ""), (3, "begins after their creation")])
def test_histories_that_cannot_be_read_as_of_an_instant(
    history: Callable[..., Any], day: Callable[..., Any], first: int, reason: str
) -> None:
    company = history(
        declared=frozenset({"leads", "stages", "changes"}), profile={"size": "number"}
    )
    for i in range(9):
        company.add("leads", lead_id=f"L{i}", created_at=day(0), profile_size=float(i))
        company.add("changes", lead_id=f"L{i}", column="size", value="12", changed_at=day(first))
    used, left_out = _audit(company)
    assert used == (() if reason else ("size",))
    assert reason in left_out.get("size", "")
