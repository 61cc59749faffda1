"""What a person may do."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do; each may do what the ones before may."""

    viewer = "viewer"
    recorder = "recorder"
    keeper = "keeper"

    @property
    def may_record(self) -> bool:
        """Log, edit and check incidents, and enter what became of walks."""
        return self is not Role.viewer

    @property
    def may_keep(self) -> bool:
        """Import, undo, change settings, lock, back up and wipe."""
        return self is Role.keeper
