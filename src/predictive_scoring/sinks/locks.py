"""Advisory locks between processes, which the kernel lets go when their holder dies, however.

The locks are on files of their own, which are never deleted: a process could otherwise hold a
lock on a file that others no longer see.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 0.02
"""Seconds between attempts."""


def beside(store: Path, purpose: str) -> Path:
    """A hidden file's name beside the store."""
    return store.with_name(f".{store.name}.{purpose}")


@contextmanager
def held(file: Path, until: float) -> Iterator[None]:
    """Hold the lock alone, waiting until the monotonic instant ``until`` at the latest.

    Raises TimeoutError when others held it for so long, OSError when the file cannot be made.
    """
    with _locked(os.open(file, os.O_RDWR | os.O_CREAT, 0o666), until, shared=False):
        yield


def pass_by(file: Path, until: float) -> None:
    """Wait while somebody holds the lock; raises TimeoutError as ``held``."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError:  # never held so far, or not for this user to see
        return
    with _locked(descriptor, until, shared=True):
        pass


@contextmanager
def _locked(descriptor: int, until: float, shared: bool) -> Iterator[None]:
    import fcntl

    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        while True:
            try:
                fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise TimeoutError from None
            time.sleep(PAUSE)
        yield
    finally:
        os.close(descriptor)
