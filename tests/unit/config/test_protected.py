import pytest

from predictive_scoring.config.protected import protected_attribute


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("gender", "gender"), ("Sexe", "gender"), ("Geschlecht", "gender"), ("Civilité", "gender"),
        ("género", "gender"), ("customerAge", "age"), ("AGE_GROUP", "age"), ("Âge", "age"),
        ("date of birth", "age"), ("DateOfBirth", "age"), ("date_de_naissance", "age"),
        ("Geburtsdatum", "age"), ("nationalité", "nationality or origin"),
        ("Staatsangehörigkeit", "nationality or origin"), ("Ethnic-Group", "nationality or origin"),
        ("religion", "religion or belief"), ("health_status", "health or disability"),
        ("Behinderung", "health or disability"), ("marital status", "family situation"),
        ("marital", "family situation"), ("Familienstand", "family situation"),
        ("situation familiale", "family situation"), ("性別", "gender"),
        ("sexual_orientation", "sexual orientation"),
        ("trade union", "opinions or union membership"),
    ],
)  # fmt: skip
def test_refused_by_name(name: str, attribute: str) -> None:
    assert protected_attribute(name) == attribute


@pytest.mark.parametrize(
    "name", ["page", "stage", "language", "message", "industry", "engagement", "racecar", "agency",
             "country", "employees", "union_square", "status", "genres_of_use"],
)  # fmt: skip
def test_other_names_pass(name: str) -> None:
    assert protected_attribute(name) is None


def test_names_of_the_configuration() -> None:
    assert protected_attribute("lead_zodiac_sign", ["Zodiac sign"]) == "Zodiac sign"
    assert protected_attribute("zodiac", ["Zodiac sign"]) is None
