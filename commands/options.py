"""The options by which questions are put: what to count, by which areas, and a choice of records."""

import calendar
import inspect
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import Annotated

import typer

from analysis.filters import Filters
from data.errors import InputError
from data.geography.locate import find_area
from data.schema import OUTCOMES, SETTINGS


class Level(StrEnum):
    """The areas to count by."""

    borough = "borough"
    district = "district"
    locality = "locality"


class Source(StrEnum):
    """What to count: recorded incidents or official counts."""

    incidents = "incidents"
    counts = "counts"


By = Annotated[Level, typer.Option(help="Areas to count by.")]
CountOf = Annotated[Source, typer.Option(help="Recorded incidents or official counts.")]
From = Annotated[str | None, typer.Option("--from", help="First day, such as 2022-06-11 or 2022.")]
To = Annotated[str | None, typer.Option("--to", help="Last day, such as 2022-06-11 or 2022.")]
Outcomes = Annotated[list[str] | None, typer.Option("--outcome", help="Only this outcome; may be repeated.")]
Settings = Annotated[list[str] | None, typer.Option("--setting", help="Only this setting; may be repeated.")]
Boroughs = Annotated[list[str] | None, typer.Option("--borough", help="Only this borough; may be repeated.")]


def filters_from(
    date_from: From = None,
    date_to: To = None,
    outcome: Outcomes = None,
    setting: Settings = None,
    borough: Boroughs = None,
) -> Filters:
    """The filters that options ask for; InputError where one is not understood."""
    return Filters(
        date_from=_day(date_from, "--from", last=False),
        date_to=_day(date_to, "--to", last=True),
        outcomes=_words(outcome, OUTCOMES, "--outcome"),
        settings=_words(setting, SETTINGS, "--setting"),
        boroughs=_borough_codes(borough),
    )


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of `filters_from` in the place of its keyword `filters`, which is made of them."""
    options = {
        name: option.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, option in inspect.signature(filters_from).parameters.items()
    }

    @wraps(command)
    def with_options(**given):
        chosen = {name: given.pop(name) for name in options}
        command(filters=filters_from(**chosen), **given)

    # Typer reads the options of a command from its signature.
    signature = inspect.signature(command)
    asked = [
        each
        for name, parameter in signature.parameters.items()
        for each in (options.values() if name == "filters" else [parameter])
    ]
    with_options.__signature__ = signature.replace(parameters=asked)  # type: ignore[attr-defined]
    return with_options


def refuse_counts(source: Source, what: str) -> None:
    """InputError where official figures are asked for what they do not hold."""
    if source is Source.counts:
        raise InputError(
            f"Official figures name no {what}. Leave --source counts out, to ask the recorded incidents."
        )


def _day(text: str | None, option: str, last: bool) -> date | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text.strip())
    try:
        year, month, day = (int(part) if part else None for part in found.groups())
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except (AttributeError, ValueError, calendar.IllegalMonthError):
        raise InputError(f"{option} is not a date. Write it as 2022-06-11, 2022-06 or 2022.") from None


def _words(values: list[str] | None, allowed: tuple[str, ...], option: str) -> tuple[str, ...]:
    for value in values or []:
        if value not in allowed:
            raise InputError(f"{option} takes one of: {', '.join(allowed)}.")
    return tuple(values or [])


def _borough_codes(values: list[str] | None) -> tuple[str, ...]:
    found = [find_area(value) for value in values or ()]
    if any(area is None or area[0] != "borough" for area in found):
        raise InputError(
            "--borough names a place that is not a London borough. Write its name or its ONS code."
        )
    return tuple(code for _level, code in found)
