"""The stream of alerts and of files' warnings: read from the log in pages, each consumer at its own pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from api.events import ALERT, INGEST, Event, EventLog, Page
from api.ids import Ids
from api.live.feed import Feed
from api.reads import AlertRecord
from api.reads.alerts import alert_record


@dataclass(frozen=True)
class Raised:
    """An alert and its place in the log."""

    seq: int
    alert: AlertRecord


@dataclass(frozen=True)
class Warned:
    """A file of which too many rows were dead, and its place in the log; `taken_at` in µs."""

    seq: int
    batch: str
    file: str
    operator: str
    rows: int
    dead_lettered: int
    taken_at: int


@dataclass(frozen=True)
class Gap:
    """Events after `start` that cannot be given; the stream goes on after `end`.

    `dropped` is 0 where nobody can tell.
    """

    start: int
    end: int
    dropped: int


@dataclass(frozen=True)
class AlertStream:
    """Where streams read from. At most `page` events are held for one consumer, however slow it is."""

    log: EventLog
    feed: Feed
    ids: Ids
    page: int

    async def after(self, place: int | None) -> AsyncIterator[Raised | Warned | Gap]:
        """Give what comes after a place in the log, for ever; None begins now."""
        if place is None:
            place = await asyncio.to_thread(self.log.newest)
        while True:
            changes = self.feed.changes
            page = await asyncio.to_thread(self.log.after, place, self.page, ALERT, INGEST)
            gap = _gap(page, place)
            if gap:
                yield gap
                place = gap.end
                continue
            for event in page.events:
                yield self._item(event)
            if len(page.events) == self.page:
                place = page.events[-1].seq
            else:
                place = page.newest
                await self.feed.change_after(changes)

    def _item(self, event: Event) -> Raised | Warned:
        if event.kind == INGEST:
            return Warned(event.seq, event.subject, **event.payload)
        return Raised(event.seq, alert_record(self.ids, event.payload))


def _gap(page: Page, place: int) -> Gap | None:
    """Tell whether a place lies outside of the log: before what is kept, or after an end that was once further."""
    if place > page.newest:
        return Gap(place, page.newest, 0)
    if page.oldest and place < page.oldest - 1:
        return Gap(place, page.oldest - 1, page.oldest - 1 - place)
    return None
