"""Who may see and do what."""

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


def admit() -> Role:
    """The role of whoever is looking; without a login configured this is the machine's own user, who may do all."""
    return Role.keeper
