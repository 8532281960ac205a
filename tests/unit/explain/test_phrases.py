import pytest

from predictive_scoring.explain.contributions import MARKET_OFFSET
from predictive_scoring.explain.language import language
from predictive_scoring.explain.phrases import phrase, plain
from predictive_scoring.records import FeatureColumn

INFINITE = float("inf")


def profile(name, kind="category", group="fit"):
    return FeatureColumn(name, kind, group, "profile", "leads")


def events(measure, dimension="", value="", window=0):
    return FeatureColumn(
        "any_name", "number", "engagement", measure, "events", dimension, value, window
    )


def sales(measure, value="", window=0):
    return FeatureColumn(
        "any_name", "number", "sales", measure, "activities", "kind", value, window
    )


def account(value, window=0):
    return FeatureColumn(f"acc_{value}", "number", "account", "account", "", "", value, window)


def calendar(dimension):
    return FeatureColumn("c", "number", "time", "calendar", "", dimension)


AGE = FeatureColumn("a", "number", "time", "age")

CASES = [
    (profile("job_function"), "purchasing", "Job function: purchasing", "Fonction : achats"),
    (profile("job_function"), "astronaut", "Job function: astronaut", "Fonction : astronaut"),
    (
        profile("job_function"),
        "(other)",
        "Job function: another value, rare so far",
        "Fonction : autre valeur, rare jusqu’ici",
    ),
    (profile("industry"), None, "Industry: not known", "Secteur : information absente"),
    (profile("profile_industry"), "it", "Industry: it", "Secteur : it"),
    (profile("shoe_size", "number"), 12345.5, "Shoe size: 12,345.5", "Shoe size : 12\u202f345,5"),
    (profile("newsletter", "flag"), True, "Newsletter: yes", "Lettre d’information : oui"),
    (profile("newsletter", "flag"), False, "Newsletter: no", "Lettre d’information : non"),
    (profile("market", group="market"), "DE", "Market: Germany", "Marché : Allemagne"),
    (profile("market", group="market"), "North", "Market: North", "Marché : North"),
    (profile("country"), "GB", "Country: United Kingdom", "Pays : Royaume-Uni"),
    (profile("language"), "ja", "Language: Japanese", "Langue : japonais"),
    (
        MARKET_OFFSET,
        "DE",
        "Base level of the market: Germany",
        "Niveau de base du marché : Allemagne",
    ),
    (
        MARKET_OFFSET,
        None,
        "Base level of the market: not known",
        "Niveau de base du marché : information absente",
    ),
    (events("count", "type", "visit", 7), 3.0, "3 visits in 7 days", "3 visites en 7 jours"),
    (events("count", "type", "visit", 1), 1.0, "1 visit in 1 day", "1 visite en 1 jour"),
    (
        events("count", "type", "download", 30),
        0.0,
        "No download in 30 days",
        "Aucun téléchargement en 30 jours",
    ),
    (
        events("count", "type", "webinar"),
        2.0,
        "2 webinars attended so far",
        "2 webinaires suivis à ce jour",
    ),
    (events("count", window=7), 2.0, "2 interactions in 7 days", "2 interactions en 7 jours"),
    (
        events("count", "topic", "pricing", 7),
        3.0,
        "3 interactions on the topic “pricing” in 7 days",
        "3 interactions sur le thème « tarifs » en 7 jours",
    ),
    (
        events("count", "channel", "email", 7),
        0.0,
        "No interaction through the channel “e-mail” in 7 days",
        "Aucune interaction par le canal « e-mail » en 7 jours",
    ),
    (
        events("count", "campaign", "50 % off %(n)s", 7),
        1.0,
        "1 interaction from the campaign “50 % off %(n)s” in 7 days",
        "1 interaction issue de la campagne « 50 % off %(n)s » en 7 jours",
    ),
    (
        events("count", "type", "zoom", 7),
        2.0,
        "2 interactions of type “zoom” in 7 days",
        "2 interactions de type « zoom » en 7 jours",
    ),
    (
        events("count", "type", "visit", 7),
        None,
        "Visits in 7 days: not known",
        "Visites en 7 jours : information absente",
    ),
    (
        events("days", "type", "visit", 90),
        4.0,
        "Visits on 4 of the last 90 days",
        "Visites : 4 des 90 derniers jours",
    ),
    (
        events("days", window=90),
        0.0,
        "Interactions on none of the last 90 days",
        "Interactions : aucun des 90 derniers jours",
    ),
    (events("days"), 0.0, "Interactions on no day so far", "Interactions : aucun jour jusqu’ici"),
    (
        events("days", window=90),
        None,
        "Days with interactions in 90 days: not known",
        "Jours marqués par des interactions en 90 jours : information absente",
    ),
    (events("days"), 1.0, "Interactions on 1 day", "Interactions : 1 jour"),
    (
        events("recency", "type", "visit"),
        3.9,
        "Last visit 3 days ago",
        "Dernière visite il y a 3 jours",
    ),
    (
        events("recency", "type", "visit"),
        1.0,
        "Last visit 1 day ago",
        "Dernière visite il y a 1 jour",
    ),
    (
        events("recency", "type", "visit"),
        0.4,
        "Last visit less than a day ago",
        "Dernière visite il y a moins d’un jour",
    ),
    (events("recency", "type", "visit"), None, "Visits: never", "Visites : jamais"),
    (events("count", "type", "visit"), 0.0, "No visit so far", "Aucune visite à ce jour"),
    (
        events("trend", window=30),
        None,
        "Trend of interactions in 30 days: not known",
        "Tendance des interactions en 30 jours : information absente",
    ),
    (
        events("trend", window=30),
        4.0,
        "Interactions rising: 4 more than in the 30 days before",
        "Interactions en hausse : 4 de plus que les 30 jours précédents",
    ),
    (
        events("trend", window=30),
        -1.0,
        "Interactions falling: 1 fewer than in the 30 days before",
        "Interactions en baisse : 1 de moins que les 30 jours précédents",
    ),
    (
        events("trend", window=30),
        0.0,
        "Interactions steady: as many as in the 30 days before",
        "Interactions : rythme stable, autant que les 30 jours précédents",
    ),
    (
        events("value", window=30),
        1250.0,
        "Value of interactions: 1250 in 30 days",
        "Interactions : valeur totale de 1250 en 30 jours",
    ),
    (
        events("value"),
        None,
        "Value of interactions so far: not known",
        "Interactions à ce jour : valeur inconnue",
    ),
    (AGE, 12.7, "Known for 12 days", "Dans la base depuis 12 jours"),
    (AGE, 0.2, "Known for less than a day", "Dans la base depuis moins d’un jour"),
    (AGE, None, "Date of first contact: not known", "Date du premier contact inconnue"),
    (calendar("month"), 11.0, "Month: November", "Mois : novembre"),
    (calendar("weekday"), 1.0, "Day of the week: Monday", "Jour de la semaine : lundi"),
    (
        calendar("weekday"),
        None,
        "Day of the week: not known",
        "Jour de la semaine : information absente",
    ),
    (calendar("weekday"), "feast", "Day of the week: feast", "Jour de la semaine : feast"),
    (
        sales("count", "call", 30),
        2.0,
        "2 calls by sales in 30 days",
        "2 appels des commerciaux en 30 jours",
    ),
    (
        sales("count", "fax", 30),
        1.0,
        "1 contact by sales (fax) in 30 days",
        "1 contact des commerciaux (fax) en 30 jours",
    ),
    (
        sales("recency"),
        None,
        "Contacts by sales: never",
        "Contacts des commerciaux : jamais",
    ),
    (
        sales("recency", "meeting"),
        2.0,
        "Last meeting with sales 2 days ago",
        "Dernier rendez-vous avec les commerciaux il y a 2 jours",
    ),
    (
        account("known"),
        1.0,
        "1 other lead at the same company",
        "1 autre prospect dans la même entreprise",
    ),
    (
        account("known"),
        None,
        "Other leads at the same company: company not known",
        "Autres prospects dans la même entreprise : entreprise inconnue",
    ),
    (
        account("active_30d"),
        None,
        "Other leads active at the same company in 30 days: company not known",
        "Autres prospects actifs dans la même entreprise en 30 jours : entreprise inconnue",
    ),
    (
        account("active_30d"),
        2.0,
        "2 other leads active at the same company in 30 days",
        "2 autres prospects actifs dans la même entreprise en 30 jours",
    ),
    (
        account("events", 30),
        0.0,
        "No interaction by others at the same company in 30 days",
        "Aucune interaction de ses collègues en 30 jours",
    ),
    (
        account("recency"),
        5.0,
        "Last interaction by others at the same company 5 days ago",
        "Dernière interaction de ses collègues il y a 5 jours",
    ),
    (
        account("recency"),
        None,
        "No known interaction by others at the same company",
        "Aucune interaction connue de ses collègues",
    ),
    (
        account("sqls"),
        2.0,
        "2 earlier SQLs at the same company",
        "2 SQL antérieurs dans la même entreprise",
    ),
    (
        account("rejections"),
        0.0,
        "No lead rejected earlier at the same company",
        "Aucun prospect déjà refusé dans la même entreprise",
    ),
    (account("big_deals"), 4.0, "Account: big deals = 4", "Compte : big deals = 4"),
    (
        account("big_deals"),
        None,
        "Account: big deals = company not known",
        "Compte : big deals = entreprise inconnue",
    ),
]


@pytest.mark.parametrize(("column", "value", "english", "french"), CASES)
def test_phrases(column, value, english, french):
    assert phrase(column, value, language("en")) == english
    assert phrase(column, value, language("fr")).replace("\xa0", " ") == french


MEASURED = [
    profile("x", "number"),
    *(events(m, window=7) for m in ("count", "days", "recency", "trend", "value")),
    AGE,
    calendar("month"),
    calendar("weekday"),
    account("known"),
    account("recency"),
    account("other"),
]


@pytest.mark.parametrize("column", MEASURED)
@pytest.mark.parametrize("value", [INFINITE, -INFINITE, float("nan"), 1e308, -1.0, 0.5, None])
def test_strange_numbers_get_words_too(column, value):
    for code in ("en", "fr"):
        assert phrase(column, value, language(code))


EVERY_MEASURE = (
    *(profile(name) for name in ("industry", "market", "language", "shoe_size")),
    MARKET_OFFSET,
    *(
        events(measure, dimension, value, window)
        for measure in ("count", "days", "trend", "value")
        for dimension, value in (("", ""), ("type", "visit"), ("type", "zoom"), ("topic", "visit"),
                                 ("channel", "visit"), ("campaign", "visit"))
        for window in (0, 7, 30)
        if measure != "trend" or window
    ),
    *(events("recency", d, v) for d, v in (("", ""), ("type", "visit"), ("topic", "visit"))),
    *(sales("count", kind, window) for kind in ("", "call", "fax") for window in (0, 30)),
    *(sales("recency", kind) for kind in ("", "call")),
    *(
        account(value, window)
        for value in ("known", "active", "events", "sqls", "rejections", "own")
        for window in (0, 30)
        if value != "own" or not window
    ),
    account("recency"),
    AGE,
    calendar("month"),
    calendar("weekday"),
)  # fmt: skip


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("labels", [None, {"en": {"visit": "look"}, "fr": {"visit": "coup d’œil"}}])
@pytest.mark.parametrize("value", [None, 0.0, 1.0, 2.0, -2.0])
def test_no_two_columns_of_a_lead_are_told_in_the_same_words(value, labels, code):
    """Of whatever is missing, nothing, one or several, each reason names what it is about."""
    words = language(code, labels)
    texts = [phrase(c, value, words) for c in EVERY_MEASURE]
    assert sorted(texts) == sorted(set(texts))


LABELS = {
    "fr": {
        "poutcome": "résultat précédent",
        "poutcome=success": "succès",
        "oct": "octobre",
        "zoom": "visioconférence",
        "visit": "coup d’œil",
        "fax": "télécopie",
        "pricing": "devis",
        "industry": "branche",
        "DE": "Deutschland",
    }
}


@pytest.mark.parametrize(
    ("column", "value", "french"),
    [
        (profile("poutcome"), "success", "Résultat précédent : succès"),
        (profile("month"), "oct", "Month : octobre"),
        (profile("other"), "success", "Other : success"),
        (profile("industry"), "food", "Branche : agroalimentaire"),
        (profile("market", group="market"), "DE", "Marché : Deutschland"),
        (MARKET_OFFSET, "DE", "Niveau de base du marché : Deutschland"),
        (
            events("count", "type", "zoom", 7),
            2.0,
            "2 interactions de type « visioconférence » en 7 jours",
        ),
        (
            events("count", "type", "visit"),
            0.0,
            "Aucune interaction de type « coup d’œil » à ce jour",
        ),
        (
            events("recency", "topic", "pricing"),
            None,
            "Interactions sur le thème « devis » : jamais",
        ),
        (sales("count", "fax"), 1.0, "1 contact des commerciaux (télécopie) à ce jour"),
        (events("count"), 1.0, "1 interaction à ce jour"),
    ],
)
def test_a_companys_own_words_come_before_the_built_in_ones(column, value, french):
    assert phrase(column, value, language("fr", LABELS)).replace("\xa0", " ") == french


def test_labels_of_one_language_leave_the_others_as_they_are():
    labelled, plain_words = language("en", LABELS), language("en")
    assert phrase(profile("poutcome"), "success", labelled) == "Poutcome: success"
    assert language("fr").label("poutcome") is None
    assert labelled == plain_words


def test_a_label_fits_one_line():
    words = language("en", {"en": {"poutcome": "a\nb", "x": "y" * 100}})
    assert phrase(profile("poutcome"), "x", words) == "A b: " + "y" * 59 + "…"


def test_a_companys_own_text_fits_one_line():
    assert plain("a\nb\tc\x1b[31m \u202e d") == "a b c [31m d"
    assert plain("x" * 100) == "x" * 59 + "…"
