"""Attributes that people must not be judged by, recognised by a column's name.

The list follows article 9 of the GDPR (special categories), article 21 of the EU Charter
(grounds of discrimination) and their usual column names in seven languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TERMS = {
    "gender": """
        gender sex sexe genre geschlecht sexo genero sesso genere geslacht salutation civilite
        anrede pronoun pronouns""",
    "age": """
        age ages alter edad eta leeftijd idade birth birthday birthdate dob year_of_birth
        naissance anniversaire geburt geburtsdatum geburtstag geburtsjahr nacimiento nascita
        geboortedatum nascimento date_of_birth""",
    "nationality or origin": """
        nationality nationalite nationalitat nacionalidad nazionalita nationaliteit nacionalidade
        citizenship citoyennete staatsangehorigkeit ethnicity ethnic ethnie ethnicite ethnische
        etnia etnicidad race rasse raza razza ras raca birthplace birth_country migrant
        migration_background skin_color skin_colour mother_tongue""",
    "religion or belief": """
        religion religious religieux konfession religione religiao godsdienst faith creed""",
    "health or disability": """
        health sante gesundheit salud salute gezondheid saude disability disabled handicap
        handicape behinderung discapacidad disabilita deficiencia pregnancy pregnant grossesse
        schwangerschaft medical diagnosis diagnose krankheit illness maladie""",
    "family situation": """
        marital married civil_status etat_civil situation_familiale situation_matrimoniale
        familienstand verheiratet estado_civil stato_civile burgerlijke_staat spouse conjoint
        children kinder enfants hijos figli""",
    "sexual orientation": """
        sexual sexual_orientation orientation_sexuelle lgbt""",
    "opinions or union membership": """
        political politics politique partei parteizugehorigkeit union_member trade_union
        gewerkschaft syndicat sindicato sindacato vakbond""",
    "genetic or biometric data": """
        genetic genetics genetique biometric biometrics biometrique biometrie""",
}
_SIGNS = {
    "性別": "gender", "年齢": "age", "生年月日": "age", "国籍": "nationality or origin",
    "宗教": "religion or belief", "障害": "health or disability", "婚姻": "family situation",
    "健康": "health or disability",
}  # fmt: skip


def protected_attribute(name: str, more: Iterable[str] = ()) -> str | None:
    """The protected attribute a column's name stands for, or None.

    Names are compared word by word without accents or case (``customerAge``, ``Âge``, ``age_group``
    are ages; ``page`` and ``stage`` are not). ``more`` are the configuration's own names.
    """
    words = _words(name)
    for own in more:
        if _contains(words, _words(own)):
            return own
    for attribute, terms in _TERMS.items():
        if any(_contains(words, tuple(term.split("_"))) for term in terms.split()):
            return attribute
    return next((attribute for sign, attribute in _SIGNS.items() if sign in name), None)


def _words(name: str) -> tuple[str, ...]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", unicodedata.normalize("NFC", name))
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(c)
    )
    return tuple(word for word in re.split(r"[\W_]+", plain.lower()) if word)


def _contains(words: tuple[str, ...], term: tuple[str, ...]) -> bool:
    """Whether the term's words follow each other in the name, or are glued into one word."""
    size = len(term)
    follow = any(words[i : i + size] == term for i in range(len(words) - size + 1))
    return bool(term) and (follow or "".join(term) in words)
