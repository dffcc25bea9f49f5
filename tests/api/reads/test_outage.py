"""When a graph database that failed is asked again, since when it has not answered, and that nobody waits for ever."""

from __future__ import annotations

import threading

import pytest

from api.reads.outage import MARGIN_S, Outage
from graph.store.port import StoreBehindError, StoreSlowError, StoreUnavailableError

RUN_SINCE = 1_000_000


def test_an_outage_lasts_until_an_answer_and_keeps_when_it_began() -> None:
    outage = Outage(1.0)
    assert state(outage) == (True, None)
    outage.begin(StoreUnavailableError("away"), RUN_SINCE)
    first = outage.since
    assert first is not None
    assert first > RUN_SINCE
    outage.begin(StoreUnavailableError("still away"), RUN_SINCE)
    assert outage.since == first
    assert state(outage) == (False, first)
    outage.end()
    assert state(outage) == (True, None)


def state(outage: Outage) -> tuple[bool, int | None]:
    """Give whether it is over, and since when it was."""
    return outage.is_over, outage.since


def test_one_that_is_behind_is_so_since_the_run_was_put_in_front() -> None:
    outage = Outage(1.0)
    outage.begin(StoreUnavailableError("away"), RUN_SINCE)
    outage.begin(StoreBehindError("shows another"), RUN_SINCE)
    assert outage.since == RUN_SINCE
    outage.begin(StoreBehindError("shows another"), RUN_SINCE + 5)  # a newer run came, and the old one is still shown
    assert outage.since == RUN_SINCE


def test_a_question_that_is_never_answered_is_given_up() -> None:
    never = threading.Event()
    outage = Outage(0.05 - MARGIN_S)
    with pytest.raises(StoreUnavailableError, match="said nothing for") as caught:
        outage.patiently(never.wait)
    assert not isinstance(caught.value, StoreSlowError)  # which would concern that question alone
    never.set()


def test_what_goes_wrong_in_a_question_is_raised_where_it_is_asked() -> None:
    def wrong() -> None:
        raise ValueError("depth must be 0 to 4")

    with pytest.raises(ValueError, match="depth must be"):
        Outage(5.0).patiently(wrong)
    assert Outage(5.0).patiently(lambda: 7) == 7
