"""`deadletters`: rows that were not taken in, why, and how they become calls after all."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from api.cli.options import DEGRADED, HomeOption, JsonOption, OperatorFilter, existing_home, guarded
from api.cli.output import complain, person, print_json, print_table, progress_bars, say, visible
from configs import load_settings
from graph.windows import iso
from ingest.files import spelt
from ingest.reasons import ROW_REASONS

if TYPE_CHECKING:
    from ingest.dead.export import ShownLetter
    from ingest.dead.listing import Wanted
    from ingest.ledger.ledger import BatchRow
    from ingest.replay import Replayed

_SHOWN_CHARACTERS = 2_000  # of a row, at most: no terminal is wider


def _known_reasons(reasons: list[str] | None) -> list[str] | None:
    for reason in reasons or ():
        if reason not in ROW_REASONS:
            raise typer.BadParameter(f"there is no reason {reason!r}; docs/reason-codes.md lists them")
    return reasons


def _known_suffix(out: Path) -> Path:
    from ingest.dead.export import SUFFIXES

    if out.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(f"the file's name must end in {' or '.join(SUFFIXES)}")
    return out


ReasonsOption = Annotated[
    list[str] | None, typer.Option("--reason", callback=_known_reasons, help="Only rows with this reason; repeatable.")
]
FileOption = Annotated[str | None, typer.Option("--file", metavar="NAME", help="Only of files of this name.")]
BatchOption = Annotated[
    str | None, typer.Option("--batch", metavar="ID", help="Only of this batch; the beginning of its id is enough.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=100_000, help="At most so many.")]


@guarded
def list_dead(
    home: HomeOption,
    operator: OperatorFilter = None,
    reason: ReasonsOption = None,
    file: FileOption = None,
    batch: BatchOption = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """List the files that have dead letters, newest first, with their counts and reasons."""
    from ingest.dead.listing import find_dead
    from ingest.ledger.database import open_database

    found = find_dead(open_database(existing_home(home), "ledger"), _wanted(operator, reason, file, batch))
    listed = [_listed(row) for row in reversed(found[-limit:])]
    if as_json:
        print_json({"batches": listed, "total": len(found)})
        return
    columns = ("batch", "file", "operator", "taken at (UTC)", "reason", "rows", "meaning")
    rows = [
        (b["batch"][:12], b["file"], b["operator"], b["taken_at"], r["reason"], f"{r['count']:,}", r["meaning"])
        for b in listed
        for r in b["reasons"]
    ]
    print_table("Dead letters", columns, rows)
    if len(found) > limit:
        say(f"{len(found) - limit} more files have dead letters; --limit shows more.")
    say(
        "Next: `ringfence deadletters show`; after mending the mapping `ringfence deadletters replay`." if found else ""
    )


@guarded
def show_dead(
    home: HomeOption,
    operator: OperatorFilter = None,
    reason: ReasonsOption = None,
    file: FileOption = None,
    batch: BatchOption = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """Show dead rows as they came, each with its place and reason."""
    from ingest.dead.export import shown_letters
    from ingest.ledger.database import open_database

    letters = shown_letters(open_database(existing_home(home), "ledger"), _wanted(operator, reason, file, batch))
    shown = list(islice(letters, limit + 1))
    more = len(shown) > limit
    if as_json:
        print_json({"letters": [letter._asdict() for letter in shown[:limit]], "more": more})
        return
    _print_letters(shown[:limit])
    if more:
        say("There are more; --limit shows more, `ringfence deadletters export` writes all.")


@guarded
def export_dead(
    home: HomeOption,
    out: Annotated[Path, typer.Option("--out", callback=_known_suffix, help="File to write: .csv or .jsonl.")],
    operator: OperatorFilter = None,
    reason: ReasonsOption = None,
    file: FileOption = None,
    batch: BatchOption = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write dead rows to a file; in CSV a cell that a spreadsheet would run as a formula has an apostrophe in front."""
    from ingest.dead.export import export
    from ingest.ledger.database import open_database

    engine = open_database(existing_home(home), "ledger")
    count = export(engine, _wanted(operator, reason, file, batch), out, force)
    if as_json:
        print_json({"out": str(out), "rows": count})
    else:
        say(f"{count:,} rows are in {out}")


@guarded
def replay_dead(
    home: HomeOption,
    operator: OperatorFilter = None,
    reason: ReasonsOption = None,
    file: FileOption = None,
    batch: BatchOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become a call.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read dead rows again by the mapping as it is now: what is a call goes into the lake, the others stay."""
    from api import pipeline

    place, wanted = existing_home(home), _wanted(operator, reason, file, batch)
    with progress_bars() as progress:
        done = pipeline.replay_dead(place, load_settings(home), wanted, progress, dry_run)
    totals = _totals(done)
    if as_json:
        print_json({"dry_run": dry_run, **totals, "batches": [asdict(each) for each in done]})
    else:
        _show_replay(done, totals, dry_run)
    raise typer.Exit(DEGRADED if any(each.message for each in done) else 0)


def _wanted(operator: str | None, reasons: list[str] | None, file: str | None, batch: str | None) -> Wanted:
    from ingest.dead.listing import Wanted

    return Wanted(operator, file and spelt(file), batch, tuple(reasons or ()))


def _listed(batch: BatchRow) -> dict[str, Any]:
    reasons = [
        {"reason": reason, "count": count, "meaning": ROW_REASONS.get(reason, "")}
        for reason, count in batch.reasons.items()
    ]
    return {
        "batch": batch.id,
        "file": batch.name,
        "operator": batch.operator,
        "taken_at": iso(batch.taken_at),
        "rows": batch.rows,
        "dead_lettered": batch.dead_lettered,
        "reasons": reasons,
    }


def _print_letters(letters: list[ShownLetter]) -> None:
    table = Table(title="Dead rows", title_justify="left", expand=True)
    for column in ("file", "row", "reason"):
        table.add_column(column)
    table.add_column("as it came", no_wrap=True, overflow="ellipsis", ratio=1)  # what the others leave
    for letter in letters:
        cells = (letter.file, str(letter.row), letter.reason, _text(letter))
        table.add_row(*(Text(visible(cell)) for cell in cells))
    person.print(table)


def _text(letter: ShownLetter) -> str:
    if letter.raw is not None:
        return letter.raw[:_SHOWN_CHARACTERS]
    from base64 import b64decode

    raw = b64decode(letter.raw_base64 or "")
    return raw[:_SHOWN_CHARACTERS].decode("utf-8", "backslashreplace")


def _totals(done: list[Replayed]) -> dict[str, Any]:
    read, became = (_sum(getattr(each, name) for each in done) for name in ("read", "became_calls"))
    counts = ("accepted", "duplicates", "not_calls", "partial", "dead_lettered")
    return {
        "read": read,
        "became_calls": became,
        **{name: sum(getattr(each, name) for each in done) for name in counts},
    }


def _sum(counts: Any) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(sorted(total.items()))


def _show_replay(done: list[Replayed], totals: dict[str, Any], dry_run: bool) -> None:
    became = "would become calls" if dry_run else "became calls"
    rows = [
        (reason, f"{count:,}", f"{totals['became_calls'].get(reason, 0):,}") for reason, count in totals["read"].items()
    ]
    print_table("Dead rows read again", ("reason", "read", became), rows)
    if not dry_run:
        say(f"{totals['accepted']:,} calls are new in the lake, {totals['duplicates']:,} it had already.")
        say(f"{totals['dead_lettered']:,} dead rows are left in these files.")
    if totals["not_calls"]:
        say(f"{totals['not_calls']:,} rows are no calls by the mapping's filter.")
    if totals["partial"]:
        say(f"Of {totals['partial']:,} rows too little is kept to read them again; bring their files again.")
    for each in done:
        if each.message:
            complain(f"{each.file}: {each.message}")
