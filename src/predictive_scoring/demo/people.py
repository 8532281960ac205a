"""Who the leads are: accounts, profiles, and how well they fit (known to the simulation only)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from predictive_scoring.demo.arrivals import created_at
from predictive_scoring.demo.clock import Codes, Seconds
from predictive_scoring.demo.company import (
    ACCOUNT_EFFECT_SD,
    BUYER_AT_LARGE_COMPANY_EFFECT,
    CONTROL_SHARE,
    EMPLOYEE_BANDS,
    EMPLOYEES_MISSING_EFFECT,
    INDUSTRIES,
    JOB_FUNCTIONS,
    LEADS_PER_ACCOUNT,
    MARKETS,
    NOT_NURTURED_EFFECT,
    PARTNER_IN_GERMANY_EFFECT,
    PRIVATE_PERSON_EFFECT,
    PRIVATE_SHARE,
    SENIORITIES,
    SOURCES,
    Choice,
)
from predictive_scoring.demo.intent import Prospects

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

# Brings the mean fit of all leads near zero, so that the base hazards read as such.
_CENTRE = -0.37
_PURCHASING = [c.value for c in JOB_FUNCTIONS].index("purchasing")
_PARTNER = [c.value for c in SOURCES].index("partner")
_GERMANY = [m.country for m in MARKETS].index("DE")
_GENDERS = np.array([0.36, 0.50, 0.01, 0.13])


@dataclass(frozen=True)
class People:
    """A block of leads in order of creation; every array has shape (n,).

    Codes index the tables of `company`; `account` is -1 for a private person, `employees` is NaN
    where not filled in, `gender` indexes (f, m, x, missing), `nurtured` was drawn by lot at
    creation, `worked` says whether sales ever works the lead, which depends on market and owner and
    on nothing else.
    """

    number: Codes
    created: Seconds
    market: Codes
    account: Codes
    job_function: Codes
    seniority: Codes
    industry: Codes
    source: Codes
    employees: Numbers
    owner: Codes
    gender: Codes
    newsletter: Mask
    nurtured: Mask
    worked: Mask
    fit: Numbers

    def __len__(self) -> int:
        return len(self.number)

    def prospects(self) -> Prospects:
        """Return what decides their fate besides intent."""
        return Prospects(self.created, self.market, self.fit)


@dataclass(frozen=True)
class _Accounts:
    """Which account each lead of a block belongs to, and that account's market and effect."""

    account: Codes
    market: Codes
    industry: Codes
    employees: Numbers
    effect: Numbers


def meet(start: int, stop: int, total: int, rng: np.random.Generator) -> People:
    """Draw leads number `start` to `stop - 1` of `total`, in order of creation."""
    size = stop - start
    accounts = _accounts(start, size, rng)
    quantile = (start + size * rng.random(size)) / total
    created = created_at(accounts.market, quantile, rng)
    order = np.argsort(created, kind="stable")
    accounts = _Accounts(**{name: values[order] for name, values in vars(accounts).items()})
    job_function, seniority = _draw(JOB_FUNCTIONS, size, rng), _draw(SENIORITIES, size, rng)
    source = _draw(SOURCES, size, rng)
    employees = np.where(rng.random(size) < 0.15, np.nan, accounts.employees)
    nurtured = _lot(size, rng)
    fit = _fit(accounts, job_function, seniority, source, employees)
    owner, worked = _sales(accounts.market, rng)
    return People(
        number=np.arange(start, stop),
        created=created[order],
        market=accounts.market,
        account=accounts.account,
        job_function=job_function,
        seniority=seniority,
        industry=accounts.industry,
        source=source,
        employees=employees,
        owner=owner,
        gender=rng.choice(len(_GENDERS), size, p=_GENDERS),
        newsletter=rng.random(size) < 0.62,
        nurtured=nurtured,
        worked=worked,
        fit=fit + NOT_NURTURED_EFFECT * ~nurtured,
    )


def _accounts(start: int, size: int, rng: np.random.Generator) -> _Accounts:
    sizes = rng.geometric(1 / LEADS_PER_ACCOUNT, size)
    member = rng.permutation(np.repeat(np.arange(size), sizes)[:size])
    shares = np.array([m.share for m in MARKETS])
    private = rng.random(size) < PRIVATE_SHARE
    employees = np.maximum(1, np.round(np.exp(rng.normal(5.2, 1.6, size))))
    return _Accounts(
        account=np.where(private, -1, start + member),
        market=rng.choice(len(MARKETS), size, p=shares / shares.sum())[member],
        industry=_draw(INDUSTRIES, size, rng)[member],
        employees=np.where(private, np.nan, employees[member]),
        effect=np.where(
            private, PRIVATE_PERSON_EFFECT, rng.normal(0, ACCOUNT_EFFECT_SD, size)[member]
        ),
    )


def _draw(choices: tuple[Choice, ...], size: int, rng: np.random.Generator) -> Codes:
    shares = np.array([c.share for c in choices])
    return rng.choice(len(choices), size, p=shares / shares.sum())


def _fit(
    accounts: _Accounts, job_function: Codes, seniority: Codes, source: Codes, employees: Numbers
) -> Numbers:
    """Log-odds that a lead's profile adds to its weekly hazard of becoming an SQL."""
    fit = _CENTRE + accounts.effect + _size_effect(employees)
    for choices, codes in (
        (JOB_FUNCTIONS, job_function),
        (SENIORITIES, seniority),
        (INDUSTRIES, accounts.industry),
        (SOURCES, source),
    ):
        fit = fit + np.array([c.effect for c in choices])[codes]
    fit = fit + np.array([m.effect for m in MARKETS])[accounts.market]
    german_partner = (source == _PARTNER) & (accounts.market == _GERMANY)
    large_buyer = (job_function == _PURCHASING) & (employees >= 1000)
    fit = fit + PARTNER_IN_GERMANY_EFFECT * german_partner
    return np.asarray(fit + BUYER_AT_LARGE_COMPANY_EFFECT * large_buyer)


def _size_effect(employees: Numbers) -> Numbers:
    bounds = np.array([bound for bound, _ in EMPLOYEE_BANDS if bound is not None])
    effects = np.array([effect for _, effect in EMPLOYEE_BANDS])
    band = np.searchsorted(bounds, np.nan_to_num(employees), side="right")
    return np.where(np.isnan(employees), EMPLOYEES_MISSING_EFFECT, effects[band])


def _lot(size: int, rng: np.random.Generator) -> Mask:
    """Draw who is nurtured, from a stream of its own: nothing else depends on this draw."""
    (stream,) = rng.spawn(1)
    return np.asarray(stream.random(size) >= CONTROL_SHARE)


def _sales(market: Codes, rng: np.random.Generator) -> tuple[Codes, Mask]:
    """Each lead's owner within its market, and whether that owner ever works it."""
    owner = np.empty(len(market), dtype=np.int64)
    chance = np.empty(len(market))
    for code, declared in enumerate(MARKETS):
        rows = market == code
        diligence = declared.worked + np.linspace(-0.08, 0.08, len(declared.owners))
        owner[rows] = rng.integers(0, len(declared.owners), int(rows.sum()))
        chance[rows] = np.minimum(diligence, 0.97)[owner[rows]]
    return owner, rng.random(len(market)) < chance
