"""`erase`: numbers go for good. They come on standard input: others see arguments, and shells keep them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import (
    DEGRADED,
    REJECTED,
    CommandError,
    HomeOption,
    JsonOption,
    OperatorFilter,
    StoreOption,
    existing_home,
    guarded,
)
from api.cli.output import complain, print_json, print_table, progress_bars, say
from configs import load_settings

if TYPE_CHECKING:
    from api.erase import EraseReport, Meant

MOST_LINES = 10_000
_MOST_CHARACTERS = 256  # of a line


@guarded
def erase_numbers(
    home: HomeOption,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    operator: OperatorFilter = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase numbers for good: all their calls, and whatever else shows them. They are read from standard input, one a
    line.

    A call goes whole, for both sides. It cannot be undone, and calls from before it are not taken in again. Killed, it
    is finished by the next command that writes.
    """
    from api.erase import UnreadableNumbersError, erase, read_numbers
    from api.wiring import store_from_environment

    place = existing_home(home)
    try:
        meant = read_numbers(place, _lines(), operator)
    except UnreadableNumbersError as error:
        if as_json:
            print_json({"error": {"kind": type(error).__name__, "message": str(error)}})
        complain(str(error))
        raise typer.Exit(REJECTED) from None
    if not meant:
        raise typer.BadParameter("give the numbers on standard input, one a line")
    if not yes:
        _ask(meant)
    with progress_bars() as progress:
        report = erase(place, load_settings(home), meant, store or store_from_environment(), progress)
    if as_json:
        print_json(report.as_json())
    else:
        _show(report)
    if report.degraded:
        complain(f"degraded: {report.degraded}")
        raise typer.Exit(DEGRADED)


def _lines() -> list[str]:
    if _is_terminal():
        complain("type the numbers, one a line, and end with Ctrl-D")
    lines = sys.stdin.read((MOST_LINES + 1) * _MOST_CHARACTERS).splitlines()
    if len(lines) > MOST_LINES or any(len(line) > _MOST_CHARACTERS for line in lines):
        raise CommandError(f"at most {MOST_LINES:,} numbers at a time, one a line; nothing was erased")
    return lines


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _ask(meant: Sequence[Meant]) -> None:
    if not _is_terminal():
        raise typer.BadParameter("standard input is no terminal on which to ask; say --yes")

    from ingest.erased.tombstones import masked

    shown = ", ".join(masked(one.spellings[0]) for one in meant)
    typer.confirm(f"Erase {len(meant)} numbers ({shown}) for good?", abort=True, err=True)


def _show(report: EraseReport) -> None:
    found = report.as_json()
    columns = ("line", "number", "calls", "dead letters", "alerts", "campaigns")
    rows = [tuple(number[name.replace(" ", "_")] for name in columns) for number in found["numbers"]]
    print_table("Erased", columns, rows)
    calls = sum(number["calls"] for number in found["numbers"])
    say(f"{calls:,} calls; {found['segments']} segments of {found['days']} days were written anew or removed.")
