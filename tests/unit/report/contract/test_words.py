from datetime import date

import pytest

from predictive_scoring.errors import UsageError
from predictive_scoring.report.contract.words import words

EN, FR = words("en"), words("fr")


@pytest.mark.parametrize(
    ("share", "beside", "english", "french"),
    [
        (0.3, None, "30 %", "30 %"),
        (0.0312, None, "3.1 %", "3,1 %"),
        (0.297, 0.3, "29.7 %", "29,7 %"),
        (0.297, None, "30 %", "30 %"),
        (0.9996, 1.0, "99.9 %", "99,9 %"),
        (1.0, 1.0, "100 %", "100 %"),
        (float("nan"), None, "–", "–"),
    ],
)
def test_a_broken_promise_never_looks_like_a_kept_one(share, beside, english, french):
    assert EN.percent(share, beside).replace("\u202f", " ") == english
    assert FR.percent(share, beside).replace("\u202f", " ") == french


def test_days_money_and_delays_are_written_as_the_reader_does():
    assert FR.day(date(2026, 11, 5)) == "5 novembre 2026"
    assert FR.day(date(2026, 11, 1)) == "1er novembre 2026"
    assert FR.day(date(2026, 11, 21)) == "21 novembre 2026"
    assert EN.day(date(2026, 11, 1)) == "1 November 2026"
    assert EN.money(-12400.4, "EUR") == "−€12,400"
    assert FR.money(12400.4, "EUR") == "12\u202f400\xa0€"
    assert EN.hours(0.25) == "15\u202fmin"
    assert FR.hours(5.25) == "5,2\u202fh"
    assert FR.volume(62.4, "month") == "62 MQL par mois"
    assert EN.volume(0.124, "share") == "12\u202f% of the leads"


def test_a_foreign_name_cannot_turn_the_words_around_it():
    assert EN.plain("Acme\n\u202egro\u2066.\x07evil") == "Acme gro.evil"
    assert EN.plain("\u05d0\u05d1") == "\u2068\u05d0\u05d1\u2069"


def test_names_are_the_companys_own_first():
    own = words("fr", {"fr": {"market=XX": "Ailleurs", "webinar": "webinaire"}})
    assert own.market("XX") == "Ailleurs"
    assert own.market("FR") == "France"
    assert own.market("") == "tous les marchés"
    assert own.name("webinar") == "webinaire"
    assert own.name("job_function") == "fonction"
    assert own.name("my_column") == "my column"
    assert own.name("") == ""


def test_a_language_that_nothing_is_written_in_is_refused():
    with pytest.raises(UsageError, match="'de'"):
        words("de")
