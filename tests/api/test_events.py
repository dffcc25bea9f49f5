"""The numbered event log: committed runs only, each once, in order, also after a death in between."""

from __future__ import annotations

import threading

from sqlalchemy import select

from api import events
from api.event_tables import EVENTS
from api.event_tables import events as table
from api.events import ALERT, CAMPAIGN, RUN, EventLog
from api.scope import SCOPE
from ingest.home import Home
from ingest.ledger.database import open_database
from tests.api.worlds import alert, put_in_front, ring_world, write_run
from tests.contract.graphs import Drawing


def log_of(home: Home) -> EventLog:
    """Open the log."""
    return EventLog(open_database(home, "events"))


def everything(home: Home) -> list[tuple[int, str, str, str]]:
    """Give (number, kind, subject, run) of all entries."""
    columns = (table.c.seq, table.c.kind, table.c.subject, table.c.run_id)
    with open_database(home, "events").connect() as connection:
        return [(row.seq, row.kind, row.subject, row.run_id) for row in connection.execute(select(*columns))]


def test_an_empty_log(home: Home) -> None:
    log = log_of(home)
    assert events.catch_up(home, SCOPE) == 0
    assert log.newest() == 0
    assert log.after(0, 10, ALERT) == events.Page([], 0, 0)


def test_a_run_is_put_in_once(home: Home) -> None:
    put_in_front(home, ring_world(), raised=[alert(1), alert(2)], log=False)
    assert events.catch_up(home, SCOPE) == 5
    before = everything(home)
    assert [kind for _, kind, _, _ in before] == [ALERT, ALERT, CAMPAIGN, CAMPAIGN, RUN]
    assert [seq for seq, *_ in before] == [1, 2, 3, 4, 5]
    assert events.catch_up(home, SCOPE) == 0
    assert everything(home) == before


def test_what_is_not_committed_is_not_in(home: Home) -> None:
    write_run(home, ring_world(), "run-9", [alert(1)])
    assert events.catch_up(home, SCOPE) == 0
    put_in_front(home, Drawing([("generic +911", "generic +912", 1)]), "run-1")
    assert [(kind, run) for _, kind, _, run in everything(home)] == [(RUN, "run-1")]


def test_runs_that_were_missed_are_made_good_in_order(home: Home) -> None:
    put_in_front(home, ring_world(), "run-1", raised=[alert(1)], log=False)
    put_in_front(home, ring_world(), "run-2", raised=[alert(2)], log=False)
    events.catch_up(home, SCOPE)
    assert [subject for _, kind, subject, _ in everything(home) if kind == ALERT] == ["A-00001", "A-00002"]


def test_two_who_catch_up_at_once_put_it_in_once(home: Home) -> None:
    put_in_front(home, ring_world(), raised=[alert(place) for place in range(50)], log=False)
    barrier = threading.Barrier(6)
    added: list[int] = []

    def catch_up() -> None:
        barrier.wait()
        added.append(events.catch_up(home, SCOPE))

    threads = [threading.Thread(target=catch_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [0, 0, 0, 0, 0, 53]
    assert len(everything(home)) == 53


def test_pages(home: Home) -> None:
    put_in_front(home, ring_world(), raised=[alert(place) for place in range(10)])
    log = log_of(home)
    first = log.after(0, 4, ALERT)
    assert [event.subject for event in first.events] == [f"A-{place:05}" for place in range(4)]
    assert (first.oldest, first.newest) == (1, 13)
    rest = log.after(first.events[-1].seq, 100, ALERT)
    assert len(rest.events) == 6
    assert rest.events[0].payload["number"] == "+919810000001"
    assert log.after(13, 10, ALERT).events == []
    assert [event.kind for event in log.after(0, 100, RUN).events] == [RUN]


def test_the_tables_are_those_that_migrations_make(home: Home) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with open_database(home, "events").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), EVENTS) == []
