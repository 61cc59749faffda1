"""`plan` and `walks`: leaflet walks for a Saturday, and what became of them."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from analysis.leafleting.plan import AREA_COLUMNS, DOORS_PER_HOUR, Plan, PlanRequest, make_plan, plan_tables
from analysis.leafleting.requests import read_areas
from analysis.leafleting.sheets import leaflets_by_language, plan_files, printable_day, say_languages
from analysis.organise.leafleted import walk_states
from commands.tables import print_rows, rows_of
from commands.terminal import AsJson, open_store_asking, out, print_json
from data import clock
from data.errors import InputError
from data.geography.locate import find_area
from data.geography.reference import read_london_postcodes
from data.organising.languages import load_main_languages
from data.organising.leafleting import record, save_plan, undo_last_event
from data.streets.files import read_barriers, read_streets

walks = typer.Typer(no_args_is_help=True, help="Who has which walk, and what was done.")

WALK_COLUMNS = ["code", "state", "doors", "minutes", "walker", "since", "leaflets"]


def plan(
    areas: Annotated[
        str,
        typer.Option(help="Boroughs, districts or names of areas, with commas between: SE15,N17,Peckham."),
    ],
    leaflets: Annotated[int, typer.Option(help="Leaflets to give out.")],
    volunteers: Annotated[int, typer.Option(help="People who walk.")],
    hours: Annotated[float, typer.Option(help="Hours each of them has.")],
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder for the PDF, GeoJSON, GPX and CSV; made if need be.")
    ] = None,
    doors_per_walk: Annotated[
        int | None, typer.Option(help="Doors of a walk; worked out if not given.")
    ] = None,
    doors_per_hour: Annotated[
        float, typer.Option(help="Doors a person does in an hour, all in.")
    ] = DOORS_PER_HOUR,
    meet: Annotated[str | None, typer.Option(help="Postcode of the meeting point.")] = None,
    must: Annotated[list[str] | None, typer.Option(help="Locality to be walked; may be repeated.")] = None,
    must_not: Annotated[
        list[str] | None, typer.Option(help="Locality to be left out; may be repeated.")
    ] = None,
    barriers: Annotated[Path | None, typer.Option(help="Lines nobody crosses: GeoJSON, GeoPackage.")] = None,
    streets: Annotated[
        Path | None, typer.Option(help="Streets to walk along: GraphML, GeoPackage or PBF.")
    ] = None,
    day: Annotated[str, typer.Option(help="What stands in the foot of the sheets, such as a date.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Also where leaflets were given lately.")] = False,
    save: Annotated[
        bool, typer.Option("--save", help="Keep the plan, so that its walks can be given out.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plan.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Plan leaflet walks: which places, who walks where, in which order."""
    store = open_store_asking()
    request = PlanRequest(
        areas=read_areas(areas),
        leaflets=leaflets,
        volunteers=volunteers,
        hours=hours,
        doors_per_walk=doors_per_walk,
        doors_per_hour=doors_per_hour,
        meeting_point=_meeting_point(meet),
        must=_localities(must, "--must"),
        must_not=_localities(must_not, "--must-not"),
        again=again,
        seed=seed,
    )
    made = make_plan(
        store.run,
        read_london_postcodes(),
        request,
        clock.today(),
        barriers=read_barriers(barriers) if barriers else (),
        streets=read_streets(streets) if streets else None,
    )
    languages = load_main_languages()
    files = plan_files(store.run, made, languages, printable_day(day)) if out_folder else {}
    if save:
        save_plan(store, *plan_tables(made))
    if out_folder:
        _write(out_folder, files)
    printed = leaflets_by_language(store.run, made, languages)
    if as_json:
        print_json(_as_json(made) | {"languages": rows_of(printed)})
        return
    lines = [*made.sentences, *filter(None, [say_languages(printed)]), *made.notes]
    print_rows(made.walks, ["code", "doors", "stops", "metres", "minutes"], lines)


@walks.command("list")
def list_command(as_json: AsJson = False) -> None:
    """Every walk of the saved plans, and who has it."""
    states = walk_states(open_store_asking().run)
    states["since"] = states["since"].astype(str).replace("NaT", None)
    print_rows(
        states,
        WALK_COLUMNS,
        [] if len(states) else ["No plan is saved yet. Save one with plan --save."],
        as_json,
    )


@walks.command()
def assign(
    code: str, number: Annotated[int, typer.Argument(help="Number of who takes it, from 1 to 99.")]
) -> None:
    """Give a walk to somebody, by the number that the group gave them."""
    _record(code, "assigned", walker=number)


@walks.command("out")
def out_command(code: str) -> None:
    """Somebody is out with a walk."""
    _record(code, "out")


@walks.command()
def done(
    code: str,
    part: Annotated[bool, typer.Option("--part", help="Only a part of it.")] = False,
    leaflets: Annotated[int | None, typer.Option(help="Leaflets given.")] = None,
    doors: Annotated[int | None, typer.Option(help="Doors reached.")] = None,
) -> None:
    """A walk came back, done or in part."""
    _record(code, "part" if part else "done", leaflets=leaflets, doors_reached=doors)


@walks.command()
def release(code: str) -> None:
    """A walk is nobody's again."""
    _record(code, "released")


@walks.command("undo")
def undo_command() -> None:
    """Take back what was last entered."""
    taken_back = undo_last_event(open_store_asking())
    out.print(f"Taken back: '{taken_back.event}' of walk {taken_back.walk} of plan {taken_back.plan_id}.")


def _record(code: str, event: str, **details) -> None:
    record(open_store_asking(), code, event, **details)
    out.print(f"Written down: {code.strip().upper()} {event}.")


def _localities(values: list[str] | None, option: str) -> tuple[str, ...]:
    """Codes of the localities named, or of those in a district or borough named."""
    codes: dict[str, None] = {}
    for value in values or ():
        found = find_area(value)
        postcodes = read_london_postcodes()
        of_area = (
            postcodes[postcodes[AREA_COLUMNS[found[0]]] == found[1]]
            if found and found[0] in AREA_COLUMNS
            else ()
        )
        if not len(of_area):
            raise InputError(
                f"{option} names no place in London. Write a locality's code, a district or a borough."
            )
        codes |= dict.fromkeys(sorted(set(of_area["locality_code"])))
    return tuple(codes)


def _meeting_point(postcode: str | None) -> tuple[float, float] | None:
    if postcode is None:
        return None
    code = postcode.replace(" ", "").upper()
    found = read_london_postcodes().set_index("postcode")
    if code not in found.index:
        raise InputError("--meet is no postcode in London. Write a whole one, such as SE15 4QL.")
    return float(found.loc[code, "easting"]), float(found.loc[code, "northing"])


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """All the files or none: a folder must not hold sheets of one plan and routes of another."""
    waiting = [folder / f".{name}.next" for name in files]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any((folder / name).is_dir() for name in files):
            raise IsADirectoryError
        for path, content in zip(waiting, files.values(), strict=True):
            path.write_bytes(content)
        for path, name in zip(waiting, files, strict=True):
            os.replace(path, folder / name)
    except OSError:
        raise InputError("The folder for --out cannot be written. Name one that you may write to.") from None
    finally:
        for path in waiting:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _as_json(made: Plan) -> dict:
    shown = ["postcode", "easting", "northing", "doors", "street"]
    stops = {walk: rows_of(of_walk[shown]) for walk, of_walk in made.stops.groupby("walk")}
    return {
        "plan_id": made.plan_id,
        "areas": rows_of(made.areas),
        "doors": made.doors,
        "bound": made.share_of_best,
        "walks": [walk | {"stops": stops[walk["walk"]]} for walk in rows_of(made.walks)],
        "sentences": made.sentences,
        "notes": made.notes,
    }
