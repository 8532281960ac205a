"""Column names that any store and any model format accepts, whatever the company's values are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

KEYS = ("lead_id", "account_id", "market", "as_of", "position", "planned_until", "label")
"""The columns every feature table starts with; no feature but the market itself has these names."""

_LONGEST = 40


def slug(value: str) -> str:
    """Lower-case ASCII letters, digits and underscores: ``Page tarifs/Été`` → ``page_tarifs_ete``.

    A value with nothing of the kind (``???``, ``日本``) becomes ``value``.
    """
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    return words[:_LONGEST].rstrip("_") or "value"


def slugs(values: Iterable[str], taken: Iterable[str] = ()) -> Mapping[str, str]:
    """A slug of its own for each value: repeated ones are numbered in the values' own order.

    The order is alphabetical, not by frequency, so that names stay when frequencies change.
    """
    used = set(taken)
    names: dict[str, str] = {}
    for value in sorted(values):
        base = name = slug(value)
        number = 1
        while name in used:
            number += 1
            name = f"{base}_{number}"
        used.add(name)
        names[value] = name
    return names
