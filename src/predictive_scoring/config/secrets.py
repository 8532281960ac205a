"""URLs and what is said about them, without what is secret in them.

A password is often written into a URL as it is, with the very characters that end a password
there. So a URL is not parsed, which would have to guess: whatever may be part of a secret is left
out.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

_FILES = ("sqlite", "duckdb", "file")  # what stands after their :// is a path
_HIDDEN = "***"
_SHORTEST = 3  # shorter pieces of a password are no secret, and stand in every word
_IN_TEXT = re.compile(r"//\S*@")


def masked(url: str) -> str:
    """The URL without user, password and query, for messages, file names and parameters.

    What is no URL and holds no "@" is returned as it is; one whose parts are in doubt is not shown.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        return "(a URL that is not shown)" if "@" in url else url.partition("?")[0]
    place = re.split("[?#]" if _has_user(scheme) else "[?]", rest, maxsplit=1)[0]
    if not _has_user(scheme) or "@" not in rest:
        return f"{scheme}://{place}"
    place = rest.rpartition("@")[2]
    if "?" in rest.rpartition("@")[0]:
        # A password with "?" in it, or a query with "@" in it: what follows may be either's end.
        return f"{scheme}://(not shown)"
    return f"{scheme}://{re.split('[?#]', place, maxsplit=1)[0]}"


def without_secrets(text: str, url: str) -> str:
    """What a driver or server said, without the secrets of ``url``, nor those of other URLs."""
    text = text.replace(url, masked(url))
    for secret in sorted(_secrets(url), key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return _IN_TEXT.sub("//", text)


def _has_user(scheme: str) -> bool:
    return scheme.partition("+")[0].lower() not in _FILES


def _secrets(url: str) -> set[str]:
    """Password and values of the query, as they are written and as they are meant."""
    found = set(_written(url))
    return {form for text in found for form in (text, unquote(text), unquote_plus(text)) if form}


def _written(url: str) -> Iterator[str]:
    scheme, mark, rest = url.partition("://")
    rest = rest if mark else url
    before, _, query = rest.partition("?")
    for pair in re.split("[&;]", query):
        value = pair.partition("=")[2]
        yield from (value, *_pieces(value, "[#@]"))
    if not _has_user(scheme):
        return
    # "@" may stand in the query, and "?" in the password: read both ways.
    for reading in (before, rest):
        user, _, password = reading.rpartition("@")[0].partition(":")
        yield from (password, *_pieces(password, "[/?#@:]"))
        if scheme.startswith("http") and not password:
            yield user  # a token


def _pieces(secret: str, ends: str) -> Iterator[str]:
    """What others may take for a part of the URL, where a secret is written as it is."""
    return (piece for piece in re.split(ends, secret) if len(piece) >= _SHORTEST)
