"""What connections share: pages by keyset cursors, and windows."""

from __future__ import annotations

from typing import Any

import strawberry

from api.graphql.scalars import Instant
from api.reads import Page, View
from graph import windows

FIRST = "Rows of the page, 1 to 200; with pages inside pages their product is limited to 5,000."
AFTER = "Cursor of the row after which the page begins, from an answer to the same question."


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = strawberry.field(description="Whether rows follow.")
    has_previous_page: bool = strawberry.field(description="Whether rows come before.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first row; null for an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last row; null for an empty page.")

    @classmethod
    def of(cls, page: Page[Any]) -> PageInfo:
        """Give it for a page."""
        ends = (page.cursors[0], page.cursors[-1]) if page.cursors else (None, None)
        return cls(
            has_next_page=page.has_next, has_previous_page=page.has_previous, start_cursor=ends[0], end_cursor=ends[1]
        )


@strawberry.type(description="The analysed span: half-open, [from, to).")
class Window:
    """The analysed span."""

    from_: Instant = strawberry.field(name="from", description="First instant that belongs to it.")
    to: Instant = strawberry.field(description="First instant that no longer belongs to it.")

    @classmethod
    def of(cls, view: View) -> Window:
        """Give the window of a run."""
        return cls.over(view.window)

    @classmethod
    def over(cls, span: windows.Window) -> Window:
        """Give any window."""
        return cls(from_=Instant(span.start), to=Instant(span.end))
