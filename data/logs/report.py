"""What an import tells: a row set aside, by its place and reason, never its contents."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reject:
    """A row that was set aside: its number in the file, the field at fault, and what to do about it."""

    row: int
    column: str
    reason: str
