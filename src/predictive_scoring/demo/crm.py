"""The leads as the CRM exports them: identifiers, profile columns, remarks and a status."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.demo.changes import employees_text, newsletter_text
from predictive_scoring.demo.clock import EXTRACT, Codes, iso_with_offset
from predictive_scoring.demo.company import (
    INDUSTRIES,
    JOB_FUNCTIONS,
    MARKETS,
    NURTURE_GROUPS,
    SENIORITIES,
    SOURCES,
)
from predictive_scoring.demo.intent import REJECTED, SQL, Fates
from predictive_scoring.demo.people import People
from predictive_scoring.demo.sales import Dealings, owner_names
from predictive_scoring.demo.text import join, number, pick, where
from predictive_scoring.demo.wording import (
    AWKWARD_COMMENT,
    AWKWARD_COMPANIES,
    BY_LANGUAGE,
    Wording,
)

GENDERS = ("f", "m", "x", None)
STATUSES = ("new", "contacted", "qualified", "disqualified")
_ENGLISH_SHARE, _COMMENT_SHARE = 0.10, 0.55
_STATUS_ERROR = 0.07
_LANGUAGES = tuple(BY_LANGUAGE)
# Rows of the whole company (not of a block) whose company or remark is awkward but valid.
_FIRST_AWKWARD = 200


def lead_ids(people: People) -> pa.Array:
    """Return `L0000001` for the first lead of the history."""
    return join("L", number(people.number + 1, 7))


def leads(
    people: People, ids: pa.Array, fates: Fates, dealings: Dealings, rng: np.random.Generator
) -> pa.Table:
    """Return the rows of `leads.csv`, profile columns as `people` has them (at the extract)."""
    language = _languages(people, rng)
    business = people.account >= 0
    return pa.table(
        {
            "lead_id": ids,
            "created_at": iso_with_offset(people.market, people.created),
            "account_id": where(business, join("A", number(np.abs(people.account) + 1, 7))),
            "country": pick([m.country or None for m in MARKETS], people.market),
            "language": pick(_LANGUAGES, language),
            "owner": owner_names(people, np.arange(len(people))),
            "email": _emails(people, rng),
            "company": where(business, _awkward(people, _companies(people))),
            "job_function": pick([c.value for c in JOB_FUNCTIONS], people.job_function),
            "seniority": pick([c.value for c in SENIORITIES], people.seniority),
            "employees": employees_text(people).cast(pa.int64()),
            "industry": pick([c.value for c in INDUSTRIES], people.industry),
            "source": pick([c.value for c in SOURCES], people.source),
            "gender": pick(GENDERS, people.gender),
            "newsletter": newsletter_text(people),
            "nurture_group": pick(NURTURE_GROUPS, people.nurtured.astype(np.int8)),
            "comment": _comments(people, language, rng),
            "status": _status(fates, dealings, rng),
        }
    )


def _languages(people: People, rng: np.random.Generator) -> Codes:
    native = np.array([_LANGUAGES.index(m.language) for m in MARKETS])[people.market]
    english = rng.random(len(people)) < _ENGLISH_SHARE
    return np.where(english, _LANGUAGES.index("en"), native)


def _emails(people: People, rng: np.random.Generator) -> pa.Array:
    """Addresses after names of the market and gender, in domains reserved for examples."""
    woman = np.where(people.gender < 2, people.gender == 0, rng.random(len(people)) < 0.5)
    wordings = [BY_LANGUAGE[m.language] for m in MARKETS]
    women = _by_market(people.market, [w.women for w in wordings], rng)
    men = _by_market(people.market, [w.men for w in wordings], rng)
    families = _by_market(people.market, [w.families for w in wordings], rng)
    digits = number(people.number % 1_000)
    local = join(_slugs(where(woman, women, men)), ".", _slugs(families), digits)
    domain = join(_slugs(_companies(people)), number(people.account + 1), ".example")
    domain = where(people.account >= 0, domain, "mail.example")
    return join(local, "@", domain)


def _by_market(
    market: Codes, words: Sequence[tuple[str, ...]], rng: np.random.Generator
) -> pa.Array:
    """Draw one of each row's own vocabulary, at random."""
    sizes = np.array([len(w) for w in words])
    firsts = np.cumsum(sizes) - sizes
    chosen = (rng.random(len(market)) * sizes[market]).astype(np.int64)
    return pick([word for group in words for word in group], firsts[market] + chosen)


def _companies(people: People) -> pa.Array:
    """Name each account, always the same for the same account."""
    vocabularies: list[str] = []
    firsts: list[int] = []
    for market in MARKETS:
        firsts.append(len(vocabularies))
        vocabularies += _company_names(BY_LANGUAGE[market.language])
    sizes = np.diff([*firsts, len(vocabularies)])[people.market]
    account = np.maximum(people.account, 0)
    return pick(vocabularies, np.array(firsts)[people.market] + account * 31 % sizes)


def _company_names(wording: Wording) -> list[str]:
    return [
        head + wording.space + tail
        for head in wording.company_heads
        for tail in wording.company_tails
    ]


def _slugs(words: pa.Array) -> pa.Array:
    """Lower-case ASCII of each word; worked out once per distinct word."""
    encoded = words.dictionary_encode()
    slugs = [_slug(word, code) for code, word in enumerate(encoded.dictionary.to_pylist())]
    return pa.array(slugs, type=pa.string()).take(encoded.indices)


def _slug(word: str, code: int) -> str:
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", "-", plain).strip("-") or f"kk{code}"


def _awkward(people: People, companies: pa.Array) -> pa.Array:
    """Plant names that are valid and break careless readers, in the first rows of the history."""
    code = people.number - _FIRST_AWKWARD
    planted = (code >= 0) & (code < len(AWKWARD_COMPANIES))
    return where(~planted, companies, pick(AWKWARD_COMPANIES, np.where(planted, code, 0)))


def _comments(people: People, language: Codes, rng: np.random.Generator) -> pa.Array:
    wordings = [BY_LANGUAGE[name] for name in _LANGUAGES]
    opening = _by_market(language, [w.openings for w in wordings], rng)
    need = _by_market(language, [w.needs for w in wordings], rng)
    detail = _by_market(language, [w.details for w in wordings], rng)
    amount = number(rng.integers(2, 90, len(people)))
    before, after = _halves(detail)
    numbered = pc.not_equal(after, "")
    space = pick([w.space for w in wordings], language)
    text = join(opening, space, need, before, pc.if_else(numbered, amount, ""), after)
    written = where(rng.random(len(people)) < _COMMENT_SHARE, text)
    return where(people.number != _FIRST_AWKWARD, written, AWKWARD_COMMENT)


def _halves(detail: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return what stands before and after `{}`."""
    encoded = detail.dictionary_encode()
    halves = [word.partition("{}") for word in encoded.dictionary.to_pylist()]
    before = pa.array([h[0] for h in halves], type=pa.string())
    after = pa.array([h[2] for h in halves], type=pa.string())
    return before.take(encoded.indices), after.take(encoded.indices)


def _status(fates: Fates, dealings: Dealings, rng: np.random.Generator) -> pa.Array:
    """Return what sales typed after talking to the lead; it knows the outcome."""
    ended = dealings.ended < EXTRACT
    code = np.where(dealings.first_contact < EXTRACT, 1, 0)
    code = np.where(ended & (fates.outcome == SQL), 2, code)
    code = np.where(ended & (fates.outcome == REJECTED), 3, code)
    forgotten = rng.random(len(code)) < _STATUS_ERROR
    return pick(STATUSES, np.where(forgotten, np.minimum(code, 1), code))
