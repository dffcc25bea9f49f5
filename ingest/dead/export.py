"""Dead letters written to a file for people and programs, row by row; nothing in it runs when opened."""

from __future__ import annotations

import base64
import csv
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from sqlalchemy import Engine

from ingest.dead.listing import Wanted, find_dead
from ingest.ledger.dead_letters import DeadLetter, read_letters

SUFFIXES = (".csv", ".jsonl")
# What a spreadsheet may run, where a cell begins: at the start, or, where the machine's list separator is another than
# our comma, after one within; quotes and blanks before it are taken away. After OWASP's "CSV Injection".
_FORMULA = re.compile(r"""(?P<begins>(?:^|[;|\t\r\n])["' ]*)(?=[=+\-@＝＋－＠])""")
_MOVES = ("\t", "\r", "\n")  # at a cell's start


class ShownLetter(NamedTuple):
    """One dead letter as it is given out: `raw` where it is UTF-8 without NUL, else `raw_base64`."""

    file: str
    batch: str
    row: int
    reason: str
    raw: str | None
    raw_base64: str | None


def shown_letters(engine: Engine, wanted: Wanted) -> Iterator[ShownLetter]:
    """Give the dead letters that are meant, batch after batch, each in the order of its file; one block is held."""
    for batch in find_dead(engine, wanted):
        for letter in read_letters(engine, batch.id):
            if not wanted.reasons or letter.reason in wanted.reasons:
                yield ShownLetter(batch.name, batch.id, letter.row, letter.reason, *_given(letter))


def export(engine: Engine, wanted: Wanted, out: Path, force: bool) -> int:
    """Write dead letters to a new file, CSV or JSON lines by its suffix, and give how many there are.

    The file is whole or not there. Raises FileExistsError without `force`, OSError for the disk.
    """
    if out.exists() and not force:
        raise FileExistsError(f"{out} is there already; name another file, or write over it with --force")
    part = out.with_name(f"{out.name}.part")
    try:
        with _private(part) as file:
            write = _csv_writer(file) if out.suffix.lower() == ".csv" else _line_writer(file)
            count = 0
            for letter in shown_letters(engine, wanted):
                write(letter)
                count += 1
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return count


def _private(path: Path) -> TextIO:
    """Open a new file that only its owner may read: rows hold numbers of people."""
    return open(path, "w", encoding="utf-8", newline="", opener=lambda name, flags: os.open(name, flags, 0o600))


def _csv_writer(file: TextIO) -> Callable[[ShownLetter], object]:
    """Write RFC 4180 with every cell in quotes; what a spreadsheet would run has an apostrophe in front."""
    csv.writer(file, lineterminator="\r\n").writerow(ShownLetter._fields)
    writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    return lambda letter: writer.writerow([_harmless(cell) for cell in letter])


def _line_writer(file: TextIO) -> Callable[[ShownLetter], object]:
    return lambda letter: file.write(json.dumps(letter._asdict(), ensure_ascii=False) + "\n")


def _harmless(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    marked = _FORMULA.sub(r"\g<begins>'", cell)
    return f"'{marked}" if cell.startswith(_MOVES) else marked


def _given(letter: DeadLetter) -> tuple[str | None, str | None]:
    try:
        text = letter.raw.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return None, base64.b64encode(letter.raw).decode("ascii")
    return text, None
