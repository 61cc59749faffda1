"""
What the pages ask of the analyses, each answer kept until the store or the question changes.

The store's version is a part of every question: a write changes it, and so does a new day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from data.keeping.opening import open_store
from data.store.store import Store

# Bounds the memory of a dashboard left open for weeks; a person seldom goes further back than this.
MOST_ANSWERS = 256
MOST_SHARED = 16
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Records:
    """The store, and the version of it that a page is drawn from."""

    store: Store
    version: str


@st.cache_resource(show_spinner="Opening the records …")
def open_once() -> Store:
    """The store, shared by every visitor."""
    return open_store()


def ask(records: Records, question: Callable[..., Answer], *arguments: object, **at_hand: object) -> Answer:
    """
    The answer of an analysis; each caller has a copy of its own.

    Parameters
    ----------
    question
        A function of a module, called with what runs an expression on the store (`Store.run`), then `arguments`.
    arguments
        What is asked: with the question's name and the store's version they are the key of the answer.
    at_hand
        Passed on by name; no part of the key, since it follows from the rest and only saves time.
    """
    return _answer(records.version, _name(question), arguments, question, records.store, at_hand)


def share(records: Records, question: Callable[..., Answer], *arguments: object) -> Answer:
    """As `ask`, but everybody gets the same object: for large ones that are only ever read."""
    return _shared(records.version, _name(question), arguments, question, records.store)


def _name(question: Callable) -> str:
    return f"{question.__module__}.{question.__qualname__}"


@st.cache_data(show_spinner="Asking the records …", max_entries=MOST_ANSWERS)
def _answer(version: str, name: str, arguments: tuple, _question: Callable, _store: Store, _at_hand: dict):
    return _question(_store.run, *arguments, **_at_hand)


@st.cache_resource(show_spinner=False, max_entries=MOST_SHARED)
def _shared(version: str, name: str, arguments: tuple, _question: Callable, _store: Store):
    return _question(_store.run, *arguments)
