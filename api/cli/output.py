"""What a command says: one JSON object for programs, tables and progress for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 200  # a file or pipe has no width of its own; tables must not be cut for it

person = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
log = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: dict[str, Any]) -> None:
    """Print exactly one JSON object on standard output."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")  # half a surrogate pair: \\udcff
    sys.stdout.write(text.decode("utf-8") + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table for a person; values are shown as they are, never as markup."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text("" if value is None else visible(str(value), "\n")) for value in row))
    person.print(table)


def visible(text: str, kept: str = "") -> str:
    """Give a text in which nothing moves the terminal's cursor, changes its colour or turns its direction.

    Names of files and columns are whatever somebody chose. `kept` are characters that stay all the same.
    """
    return "".join(c if c.isprintable() or c in kept else c.encode("unicode_escape").decode("ascii") for c in text)


def say(text: str) -> None:
    """Say a sentence to a person, on standard output."""
    person.print(Text(visible(text, "\n")))


def complain(text: str) -> None:
    """Say what went wrong and what to do, on standard error."""
    log.print(Text("ringfence: " + visible(text, "\n")))


class ShownProgress:
    """Stages as bars on standard error; on a file or pipe one line a stage."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def stage(self, name: str, total: int | None, unit: str) -> None:
        """Begin a stage of `total` units (None: unknown)."""
        self._finish()
        name = visible(name)
        if not log.is_terminal:
            log.print(Text(f"{name} …" if total is None else f"{name} ({total:,} {unit}) …"))
        self._task = self._bars.add_task(f"{name} ({unit})", total=total)

    def advance(self, n: int) -> None:
        """Count `n` more units of the stage as done."""
        if self._task is not None:
            self._bars.advance(self._task, n)

    def note(self, text: str) -> None:
        """Say something that the reader should know."""
        log.print(Text(visible(text, "\n")))

    def _finish(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[self._bars.task_ids.index(self._task)]
            self._bars.update(self._task, total=task.completed or 1, completed=task.completed or 1)


@contextmanager
def progress_bars() -> Iterator[ShownProgress]:
    """Show progress while the block runs."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=log, disable=not log.is_terminal) as bars:
        yield ShownProgress(bars)
