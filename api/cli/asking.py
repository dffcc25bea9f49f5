"""Asking the run in front from the command line: one open application, one view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from api.cli.options import CommandError, existing_home
from configs import load_settings

if TYPE_CHECKING:
    from api.reads import Page, Reads, View

PAGE = 200
Row = TypeVar("Row")


@dataclass(frozen=True)
class Asking:
    """The questions and the run that answers them."""

    reads: Reads
    view: View


@contextmanager
def asking(home: Path, store: str | None = "embedded") -> Iterator[Asking]:
    """Open the run in front; raises CommandError with the next step where there is none."""
    from api.wiring import open_app, store_from_environment

    app = open_app(existing_home(home), load_settings(home), store or store_from_environment())
    try:
        view = app.reads.view()
        if view is None:
            raise CommandError("there is no run yet; start with `ringfence run PATH…`")
        yield Asking(app.reads, view)
    finally:
        app.close()


def every(page_after: Callable[[str | None], Page[Row]]) -> Iterator[Row]:
    """Give all rows of a paged list, page by page."""
    after: str | None = None
    while True:
        page = page_after(after)
        yield from page.rows
        if not page.has_next:
            return
        after = page.cursors[-1]
