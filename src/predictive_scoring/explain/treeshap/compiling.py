"""Functions that Numba compiles, and where what is compiled is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache


def _sources() -> str:
    """What this package's code is, in short.

    Numba looks at the one file a function stands in. After an upgrade it would trip over what is
    left of types that are gone, or take code compiled from other lanes than these.
    """
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


_SOURCES = _sources()


class _Kept(FunctionCache):
    """Numba's cache, except that a copy which cannot be read or written fails nobody."""

    def load_overload(self, signature: Any, context: Any) -> Any:
        try:
            return super().load_overload(signature, context)
        except Exception:  # noqa: BLE001  (whatever is wrong with the copy: compile anew)
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, signature: Any, data: Any) -> None:
        with suppress(OSError):  # a full disk
            super().save_overload(signature, data)


def compiled(function: Callable[..., Any], inline: str = "never") -> Any:
    """Compile a function at its first call, without the interpreter's lock.

    What is compiled is kept beside the module or in the user's cache folder, where one of them
    can be written to; elsewhere each process compiles anew.
    """
    function.__qualname__ += f"_{_SOURCES}"  # names what is kept
    dispatcher = njit(nogil=True, error_model="numpy", inline=inline)(function)
    with suppress(RuntimeError):  # Numba's "no locator available"
        dispatcher._cache = _Kept(function)
    return dispatcher
