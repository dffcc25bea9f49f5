"""A file of which too many rows were dead is an event: told once, streamed to whoever wants everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import events
from api.events import ALERT, INGEST, EventLog
from api.pipeline import take_in
from api.scope import SCOPE
from configs import load_settings
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.progress import Silent
from tests.api.asking import receive, send, socket_to
from tests.api.worlds import alert, put_in_front, ring_world, served
from tests.ingest.samples import call_lines, take, write_csv

STREAM = """subscription S($filter: AlertFilter) { alertStream(after: 0, filter: $filter) {
  __typename ... on AlertEvent { seq }
  ... on IngestWarning { seq batch file operator rows deadLettered message takenAt } } }"""


@pytest.fixture
def warned(home: Home, tmp_path: Path) -> Home:
    """A home with a file of which nearly all rows were dead, and then a run with one alert."""
    take_in(home, load_settings(), [write_csv(tmp_path / "bad.csv", [*call_lines(1), "x", "y"])], "generic", Silent())
    put_in_front(home, ring_world(), raised=[alert(1)])
    return home


def test_it_is_told_once(warned: Home) -> None:
    log = EventLog(open_database(warned, "events"))
    (event,) = log.after(0, 10, INGEST).events
    assert event.run_id == ""
    assert event.payload["file"] == "bad.csv"
    assert events.catch_up(warned, SCOPE) == 0
    assert [found.kind for found in log.after(0, 10, ALERT, INGEST).events] == [INGEST, ALERT]


def test_a_file_that_is_well_is_no_event(home: Home, tmp_path: Path) -> None:
    take_in(home, load_settings(), [write_csv(tmp_path / "good.csv", call_lines(30))], "generic", Silent())
    assert EventLog(open_database(home, "events")).newest() == 0


def test_a_process_that_died_before_it_told_is_made_good(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "bad.csv", ["x"]))
    assert events.catch_up(home, SCOPE) == 1


def test_it_is_streamed_among_the_alerts(warned: Home) -> None:
    with served(warned) as server, socket_to(server.websocket) as channel:
        send(channel, id="1", type="subscribe", payload={"query": STREAM})
        first, second = (receive(channel)["payload"]["data"]["alertStream"] for _ in range(2))
    assert first.pop("takenAt").endswith("Z")
    assert len(first.pop("batch")) == 32
    assert first == {
        "__typename": "IngestWarning",
        "seq": 1,
        "file": "bad.csv",
        "operator": "generic",
        "rows": 3,
        "deadLettered": 2,
        "message": "bad.csv: 2 of 3 rows were no calls (66.7%): the mapping may not fit the file.",
    }
    assert second["__typename"] == "AlertEvent"


def test_who_asks_for_some_alerts_is_not_told_of_files(warned: Home) -> None:
    with served(warned) as server, socket_to(server.websocket) as channel:
        variables = {"filter": {"severities": ["HIGH", "CRITICAL", "MEDIUM", "LOW"]}}
        send(channel, id="1", type="subscribe", payload={"query": STREAM, "variables": variables})
        first = receive(channel)["payload"]["data"]["alertStream"]
    assert first["__typename"] == "AlertEvent"
