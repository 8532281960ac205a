"""What a run keeps beside the store until its one short transaction.

A run holds the lock ``.NAME.lock`` from start to end, so there is one writer at a time, and
whatever lies in ``.NAME.parts`` when the lock is taken was left by a run that was killed.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks.locks import beside, held


@contextmanager
def staging_folder(store: Path, wait: float) -> Iterator[Path]:
    """An empty folder beside the store, this run's alone, gone afterwards.

    Waits up to ``wait`` seconds for another run to end. Raises StoreError when it does not, or
    when the folder cannot be written to.
    """
    folder = beside(store, "parts")
    with ExitStack() as stack:
        try:
            store.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(held(beside(store, "lock"), time.monotonic() + wait))
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir()
        except TimeoutError:
            raise StoreError(
                f"another run is writing to {store}",
                f"it to end within {wait:g} seconds",
                "wait until it is done, and start this run again",
            ) from None
        except OSError as error:
            raise StoreError(
                f"nothing can be written beside {store} ({error.strerror})",
                "a folder that may be written to, with room for the scores",
                "make room or give the right to write there, or name another file in `scores`",
            ) from None
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
