"""One look for all who wait."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from api.live.feed import Feed


def test_one_look_wakes_everyone() -> None:
    looks: list[int] = []

    def look() -> int:
        looks.append(1)
        return 1

    async def scene() -> list[int]:
        feed = Feed(look, every_s=0.0)
        waiters = [asyncio.create_task(feed.change_after(0)) for _ in range(200)]
        looking = asyncio.create_task(feed.run())
        await asyncio.gather(*waiters)
        looking.cancel()
        return [feed.changes, len(looks)]

    changes, seen = asyncio.run(scene())
    assert changes == 1
    assert seen < 50  # for 200 who wait


def test_nobody_is_woken_for_nothing() -> None:
    async def scene() -> bool:
        feed = Feed(lambda: 7, every_s=0.0)
        looking = asyncio.create_task(feed.run())
        await feed.change_after(0)  # the first look is news
        waiting = asyncio.create_task(feed.change_after(feed.changes))
        for _ in range(50):
            await asyncio.sleep(0)
        woken = waiting.done()
        waiting.cancel()
        looking.cancel()
        return woken

    assert asyncio.run(scene()) is False


def test_a_log_that_shrinks_is_news_too() -> None:
    numbers = iter([5, 5, 2])

    async def scene() -> int:
        feed = Feed(lambda: next(numbers, 2), every_s=0.0)
        looking = asyncio.create_task(feed.run())
        for changes in (0, 1):
            await feed.change_after(changes)
        looking.cancel()
        return feed.changes

    assert asyncio.run(scene()) == 2


def test_a_database_that_cannot_be_read_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    tries: list[int] = []

    def look() -> int:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("select", {}, Exception("database is locked"))
        return 1

    async def scene() -> None:
        feed = Feed(look, every_s=0.0)
        looking = asyncio.create_task(feed.run())
        await feed.change_after(0)
        looking.cancel()

    asyncio.run(scene())
    assert "trying again" in caplog.text
