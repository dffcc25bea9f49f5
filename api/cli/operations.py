"""`doctor`, `compact` and `migrate`: the state of a home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import FAILED, CommandError, HomeOption, JsonOption, existing_home, guarded
from api.cli.output import print_json, print_table, progress_bars, say
from configs import load_settings
from ingest.home import Home

if TYPE_CHECKING:
    from ingest.doctor import Finding


@guarded
def doctor(
    home: HomeOption,
    digest: Annotated[
        bool, typer.Option("--digest", help="Also give digests of all content (reads the whole lake).")
    ] = False,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Also read every file of calls, and set aside those whose checksum is wrong."),
    ] = False,
    accept_loss: Annotated[
        str | None,
        typer.Option(
            "--accept-loss",
            metavar="SEGMENT",
            help="Answer without the calls of a damaged segment; they may come back.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a home and what it needs, and say what to do about what is wrong."""
    from api.digest import home_digest

    place = existing_home(home)
    if accept_loss:
        _give_up(place, accept_loss)
    found = _examine(place, deep)
    digests = home_digest(place) if digest and found[0].ok else {}  # of damaged databases there is none
    if as_json:
        shown = {"ok": all(f.ok for f in found), "checks": [f.as_json() for f in found]}
        print_json({**shown, "digest": digests} if digest else shown)
    else:
        rows = [(f.name, "ok" if f.ok else "WRONG", f.text, f.next_step) for f in found]
        print_table(f"Home {home}", ("check", "state", "what", "next step"), rows)
        if digest:
            print_table("Digests of the content", ("of", "digest"), digests.items())
    raise typer.Exit(0 if all(f.ok for f in found) else FAILED)


@guarded
def compact(home: HomeOption, as_json: JsonOption = False) -> None:
    """Make small files of calls into larger ones, and drop what is older than it is kept; no call changes.

    `ingest` does the same at its end. Where calls were damaged and have been brought again, their quarantine ends.
    """
    from api import pipeline
    from ingest.lake.lake import Lake
    from ingest.lake.pair_day import refresh
    from ingest.ledger import ledger
    from ingest.ledger.database import open_database
    from ingest.upkeep import finish, prepare

    place = existing_home(home)
    settings = load_settings(home)
    with place.writing("compact"), progress_bars() as progress:
        engine = open_database(place, "ledger")
        before = len(ledger.find_segments(engine))
        pipeline.recover(place)
        pipeline.finish_erasures(place, settings, progress)
        prepare(place, engine, progress)
        finish(place, engine, settings, progress)
        refresh(Lake(place), None, None, settings.features.night_local_h, progress)
        segments = ledger.find_segments(engine)
    calls = sum(segment.rows for segment in segments)
    if as_json:
        print_json({"segments_before": before, "segments": len(segments), "calls": calls})
        return
    say(f"{calls:,} calls lie in {len(segments)} segments (before: {before})")


@guarded
def migrate_databases(home: HomeOption, as_json: JsonOption = False) -> None:
    """Bring the databases of a home to this version; safe to repeat."""
    from ingest.ledger.database import migrate, open_database
    from ingest.upkeep import complete

    if not home.parent.is_dir():
        raise CommandError(f"{home.parent} does not exist")
    place = Home(home)
    with place.writing("migrate"), progress_bars() as progress:
        revisions = migrate(place)
        complete(place, open_database(place, "ledger"), progress)
    if as_json:
        print_json({"revisions": revisions})
        return
    say("Databases are at " + ", ".join(f"{name} {revision}" for name, revision in revisions.items()))


def _examine(home: Home, deep: bool) -> list[Finding]:
    from api.health import findings

    if not deep:
        return findings(home)
    with home.writing("doctor"):
        return findings(home, deep)


def _give_up(home: Home, segment: str) -> None:
    from ingest.lake.quarantine import accept_loss
    from ingest.ledger.database import open_database

    with home.writing("doctor"):
        try:
            accept_loss(home, open_database(home, "ledger"), segment)
        except KeyError:
            raise CommandError(f"no damaged segment {segment!r}; `ringfence doctor` lists them") from None
