"""When a store whose passphrase was typed locks by itself: nobody has used any page for a while."""

import threading
import time
from pathlib import Path

import streamlit as st

from data.store.store import Store

CHECK_SECONDS = 10
A_MINUTE_IN_SECONDS = 60


def clocks() -> tuple[float, float]:
    """
    Two clocks, in seconds: the machine's running time and the time of day.

    The first stands still while a laptop sleeps, the second can be set back; whichever says more time has gone is right.
    """
    return time.monotonic(), time.time()


class IdleLock:
    """The use made of one store by all pages of this process; safe to share between threads."""

    def __init__(self, store: Store):
        self.store = store
        self.was_typed = False
        self._last_use = clocks()
        self._thread: threading.Thread | None = None

    def used(self) -> None:
        """Somebody has used a page."""
        self._last_use = clocks()

    def typed(self) -> None:
        """Somebody has typed the passphrase: from now on the store locks when nobody uses it."""
        self.was_typed = True
        self.used()
        if self._thread is None or not self._thread.is_alive():
            # Besides the pages, since there may be none left open to notice.
            self._thread = threading.Thread(target=self._watch, name="idle lock", daemon=True)
            self._thread.start()

    def lock(self) -> None:
        """Drop the key, the connections and every answer that was kept; only a typed passphrase opens the store again."""
        self.was_typed = False
        self.store.lock()
        forget_answers()

    def lock_if_idle(self) -> bool:
        """Lock the store if it is time to; says whether it is locked."""
        try:
            if not self.store.is_locked and self.was_typed and self._is_idle():
                self.lock()
            return self.store.is_locked
        except Exception:
            # Wiped, replaced or damaged meanwhile, or a mistake of ours: what cannot be asked must not stay open.
            self.lock()
            return True

    def _is_idle(self) -> bool:
        gone = max(now - then for now, then in zip(clocks(), self._last_use, strict=True))
        return gone >= self.store.settings().idle_minutes * A_MINUTE_IN_SECONDS

    def _watch(self) -> None:
        while self.was_typed and not self.lock_if_idle():
            time.sleep(CHECK_SECONDS)


def forget_answers() -> None:
    """
    Drop every answer worked out from records.

    What `st.cache_resource` keeps stays: the store itself, which holds nothing once it is locked, and outlines, neighbours and
    postcodes, which are public.
    """
    st.cache_data.clear()


_locks: dict[Path, IdleLock] = {}


def idle_lock(store: Store) -> IdleLock:
    """The idle lock of a store, one for all pages of this process."""
    held = _locks.get(store.path)
    if held is None or held.store is not store:
        held = _locks[store.path] = IdleLock(store)
    return held
