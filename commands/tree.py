"""Commands that are imported only when they are called: most take seconds to import, and a list of them needs their names."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

# A write is all or nothing, whatever ends it.
STOPPED = "Stopped. What was not finished was not done; `status` shows what the database holds."
STOPPED_STATUS = 130


@dataclass(frozen=True)
class Waiting:
    """A command, or a group of commands, that is not imported yet."""

    place: str  # 'commands.importing:undo'
    sentence: str  # the first of what it says of itself

    def load(self, name: str) -> Any:
        """The command itself, under its name."""
        module, attribute = self.place.split(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            return get_group(found)
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        return get_command(alone)


def group_of(
    waiting: dict[str, Waiting], sentence: str, options: Callable[..., None] = lambda: None
) -> typer.Typer:
    """
    A group of commands that wait.

    Parameters
    ----------
    waiting
        Each by the name it is called by, in the order they are listed in.
    sentence
        What the group says of itself.
    options
        Called with the options of the whole group before a command of it.
    """

    class Group(TyperGroup):
        def __init__(self, **settings):
            super().__init__(**settings)
            self.commands = {name: TyperCommand(name, help=each.sentence) for name, each in waiting.items()}

        def resolve_command(self, ctx, args):
            name, command, rest = super().resolve_command(ctx, args)
            return name, waiting[name].load(name) if name in waiting else command, rest

        def invoke(self, ctx):
            try:
                return super().invoke(ctx)
            except (KeyboardInterrupt, typer.Abort):
                print(f"\n{STOPPED}", file=sys.stderr)
                raise SystemExit(STOPPED_STATUS) from None

    group = typer.Typer(cls=Group, no_args_is_help=True, pretty_exceptions_enable=False, help=sentence)
    # Without one, Typer takes a group whose commands it does not know for a single command.
    group.callback(help=sentence)(options)
    return group
