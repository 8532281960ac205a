import copy
import shutil
import subprocess

import pytest

from predictive_scoring.config import Config
from predictive_scoring.errors import UsageError
from predictive_scoring.report import sla_document


@pytest.fixture(scope="module")
def version(config):
    return config.contract.versions[0]


ENGLISH = [
    "In force from 1 January 2026 to 30 September 2026",
    "within 90 days is at or above the threshold, and it meets all of these criteria.",
    "In our data: “Marketing qualified”.",
    "The right function: job function is maintenance or purchasing",
    "Real interest: pricing or webinar, at least 2 times, within 30 days",
    "Budget: for a person to judge",
    "A project within six months: for sales to judge",
    "for one of these reasons: “no budget”, “wrong person”, or “too small”",
    "Volume At least 100 MQLs each month. Germany: at least 40 MQLs each month.",
    "Quality At least 30 % of the MQLs become SQLs within 90 days. Japan: at least 25 %",
    "Within 24 working hours of the handover. Japan: within 48 working hours",
    "Every MQL is contacted within that time.",
    "Every activity with an MQL is written down.",
    "certain at a confidence of 95 %",
    "41 % for all markets, which gives 62 MQLs a month",
    "30 % at 62 a month or 100 a month at 24.3 % could",
    "Monday to Friday, 09:00–12:30 and 14:00–18:00 (Europe/Paris time)",
    "public holidays: France; 24 December 2026",
    "Japan; those of Aiko Sato Monday to Wednesday, Friday, and Saturday, 09:00–18:00",
    "As soon as its first contact is overdue, to be told: the owner.",
    "8 hours after its first contact was due, to be told: the head of sales.",
]
FRENCH = [
    "En vigueur du 1er janvier 2026 au 30 septembre 2026",
    "The right function : fonction : maintenance ou achats",
    "page tarifs ou webinaire, au moins 2 fois, en 30 jours",
    "Au moins 30 % des MQL deviennent SQL en 90 jours. Japon : au moins 25 %",
    "Dans un délai de 24 heures ouvrées après la transmission.",
    "lundi à vendredi, 09:00–12:30 et 14:00–18:00",
    "24,3 %",
]


def text(read, html):
    return read(html).text.replace("\xa0", " ").replace(" :", ":").replace(" ;", ";")


@pytest.mark.parametrize(("lang", "said"), [("en", ENGLISH), ("fr", FRENCH)])
def test_the_document_says(lang, said, config, version, thresholds, read):
    page = read(sla_document(config, version, lang, "html", thresholds()))
    assert page.open == []
    words = text(read, sla_document(config, version, lang, "html", thresholds()))
    for sentence in said:
        assert sentence.replace(" :", ":") in words
    assert sla_document(config, version, lang, "html", thresholds()).count("<i></i>") == 6


def test_markdown_says_the_same(config, version, thresholds):
    said = sla_document(config, version, "en", "markdown", thresholds()).replace("\u202f", " ")
    assert said.startswith("# Contract between marketing and sales\n\n**Acme Pumps**\n")
    assert "- *Large enough*: employees: at least 50\n" in said
    assert "|  | Quality | At least 30 % of the MQLs become SQLs within 90 days. | Japan:" in said
    assert "| Signature |  |  |" in said


def test_a_later_version_has_its_own_promises(config, read):
    said = text(read, sla_document(config, config.contract.versions[1], "en", "html"))
    assert "In force from 1 October 2026 until another version replaces it" in said
    assert "Within 1 hour of the handover, day and night." in said
    assert "At least 95 % of the MQLs are contacted within that time." in said
    assert "written down" not in said
    assert "As last found" not in said


def test_nothing_is_said_of_what_is_not_promised(read):
    from_data = {"contract": {"versions": [{"from": "2026-01-01"}]}}
    flat = {
        "company": "Bank",
        "sources": {"leads": {"file": "x.csv", "order": "rows"}},
        "outcome": {"column": "y", "positive": ["yes"], "negative": ["no"]},
    }
    config = Config.model_validate({**flat, **from_data})
    said = text(read, sla_document(config, config.contract.versions[0], "en", "html"))
    assert "a lead that marketing hands over to sales." in said
    assert "In our data: y is “yes”." in said
    assert "turned down, giving a reason" in said
    assert "threshold" not in said
    assert "When sales works" not in said
    assert "MQLs each month" not in said


def test_thresholds_of_another_version_are_refused(config, version, thresholds):
    with pytest.raises(UsageError, match="2025-01-01"):
        sla_document(config, version, "en", "html", thresholds(version="2025-01-01"))


def test_hostile_words_stay_words(config, read):
    bad = "</td><script>alert(1)</script>|\n# x [a](javascript:b) `c` *d* {{ 7*7 }}"
    raw = copy.deepcopy(config.model_dump(by_alias=True, exclude_unset=True))
    raw["company"] = bad
    raw["contract"]["versions"][0]["mql"] = [{"name": bad[:80]}]
    raw["contract"]["teams"][bad] = raw["contract"]["teams"].pop("Asia")
    hostile = Config.model_validate(raw)
    version = hostile.contract.versions[0]
    page = read(sla_document(hostile, version, "en", "html"))
    assert page.open == []
    assert "script" not in page.tags
    assert "{{ 7*7 }}" in page.text
    said = sla_document(hostile, version, "en", "markdown")
    assert "<script" not in said.replace("\\<", "")
    assert "[a]" not in said.replace("\\[", "")
    assert all(
        line.count("|") - line.count("\\|") == 5 for line in said.splitlines() if "Tokyo" in line
    )


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_usual_contract_prints_on_one_page(lang, config, version, thresholds, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium on the path")
    page, printed = tmp_path / "sla.html", tmp_path / "sla.pdf"
    page.write_text(sla_document(config, version, lang, "html", thresholds()), "utf-8")
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer",
         f"--print-to-pdf={printed}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert printed.read_bytes().count(b"/Type /Page\n") == 1
