"""Functions that Numba compiles, and where what is compiled is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from numba import njit


def _sources() -> str:
    """What this package's code is, in short.

    Numba looks at the one file a function stands in. After an upgrade it would trip over what is
    left of types that are gone, or take code compiled from other lanes than these.
    """
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


_SOURCES = _sources()


def compiled(function: Callable[..., Any], inline: str = "never") -> Any:
    """Compile a function at its first call, without the interpreter's lock.

    What is compiled is kept beside the module or in the user's cache folder, where one of them
    can be written to; elsewhere each process compiles anew.
    """
    function.__qualname__ += f"_{_SOURCES}"  # names what is kept
    compile_ = partial(njit, nogil=True, error_model="numpy", inline=inline)
    try:
        return compile_(cache=True)(function)
    except RuntimeError:  # Numba's "no locator available"
        return compile_()(function)
