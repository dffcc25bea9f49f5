"""`doctor` and `migrate`: the state of a home."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import FAILED, CommandError, HomeOption, JsonOption, existing_home, guarded
from api.cli.output import print_json, print_table, say
from ingest.home import Home


@guarded
def doctor(
    home: HomeOption,
    digest: Annotated[
        bool, typer.Option("--digest", help="Also give digests of all content (reads the whole lake).")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a home and what it needs, and say what to do about what is wrong."""
    from api.digest import home_digest
    from api.health import findings

    place = existing_home(home)
    found = findings(place)
    digests = home_digest(place) if digest else {}
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
def migrate_databases(home: HomeOption, as_json: JsonOption = False) -> None:
    """Bring the databases of a home to this version; safe to repeat."""
    from ingest.database import migrate

    if not home.parent.is_dir():
        raise CommandError(f"{home.parent} does not exist")
    place = Home(home)
    with place.writing("migrate"):
        revisions = migrate(place)
    if as_json:
        print_json({"revisions": revisions})
        return
    say("Databases are at " + ", ".join(f"{name} {revision}" for name, revision in revisions.items()))
