"""Erased from the lake to the results: nobody is told anything of the number, and no file holds it."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from sqlalchemy import delete, select, update

from api import pipeline
from api.cli.asking import every
from api.erase import UnreadableNumbersError, read_numbers
from api.event_tables import events
from api.events import ALERT, CAMPAIGN, EventLog
from api.reads import CampaignFilter, NoData, NumberFilter, NumberRecord, Reads, View
from api.scope import SCOPE
from api.wiring import App, neo4j_driver, open_app
from configs import load_settings
from detectors.results_tables import alerts, campaign_events, campaign_profiles
from graph.store.neo4j import Neo4jStore
from graph.store.port import Key
from ingest.erased import tombstones
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.quarantine import accept_loss, find_quarantined
from ingest.ledger import tables as ledger_tables
from ingest.ledger.database import open_database
from ingest.ledger.ledger import committed_runs
from ingest.progress import Silent
from tests.api.erased_homes import alerted, erased, simulated
from tests.api.worlds import served
from tests.contract.published import emptied
from tests.ingest.erasures import files_with
from tests.ingest.lake.test_checksums import flip
from tests.ingest.live.test_sealing import take_pieces
from tests.ingest.samples import call_lines, take, write_csv
from tests.ingest.streams import streaming
from tests.neo4j.server import Neo4jServer


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated(tmp_path_factory.mktemp("erase") / "world")


@pytest.fixture(scope="module")
def analysed(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two runs of the world, which tests copy."""
    home = Home(tmp_path_factory.mktemp("erase") / "home")
    first, *others = sorted(world.glob("calls-*"))
    pipeline.run(home, load_settings(), pipeline.RunRequest(paths=(first,)), Silent())
    pipeline.run(home, load_settings(), pipeline.RunRequest(paths=others), Silent())
    return home


@pytest.fixture
def home(analysed: Home, tmp_path: Path) -> Home:
    shutil.copytree(analysed.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def app(home: Home) -> Iterator[App]:
    opened = open_app(home, load_settings())
    yield opened
    opened.close()


def view_of(app: App) -> View:
    view = app.reads.view()
    assert view is not None
    return view


def told_of(reads: Reads, view: View, number: str) -> list[str]:
    """Every way in which a number comes up."""
    found = ["lookup"] if isinstance(reads.lookup(view, number), NumberRecord) else []
    listed = every(lambda after: reads.numbers(view, NumberFilter(), "risk", 200, after))
    found += ["numbers"] if any(record.node.key.number == number for record in listed) else []
    for campaign in view.campaigns:
        members = every(lambda after, c=campaign: reads.members(view, c, 200, after))  # type: ignore[misc]  # a default binds the name
        found += ["members"] if any(member.number.node.key.number == number for member in members) else []
        links = every(lambda after, c=campaign: reads.links(view, c, 200, after))  # type: ignore[misc]  # a default binds the name
        found += ["links"] if any(number in (li.a.node.key.number, li.b.node.key.number) for li in links) else []
        graph = reads.campaign_graph(view, campaign, 500).graph
        found += ["graph"] if any(node.key.number == number for node in graph.nodes) else []
        found += ["edges"] if any(number in (e.caller.number, e.callee.number) for e in graph.edges) else []
        found += ["events"] if any(number in (*e.added, *e.removed) for e in reads.campaign_events(campaign)) else []
    found += ["alerts"] if any(alert.number == number for alert in reads.alerts(limit=10_000)) else []
    return sorted(set(found))


def campaigns_with(home: Home, number: str) -> set[str]:
    """Give the campaigns that name a number in an event, or remember it as a member or as a victim."""
    told = select(campaign_events.c.campaign, campaign_events.c.added, campaign_events.c.removed)
    kept = select(campaign_profiles.c.campaign, campaign_profiles.c.members, campaign_profiles.c.victims)
    with open_database(home, "work").connect() as connection:
        rows = [*connection.execute(told).all(), *connection.execute(kept).all()]
    return {campaign for campaign, *lists in rows if number in str(lists)}


def test_nothing_is_left_of_the_numbers(home: Home) -> None:
    caller, other = alerted(home)[:2]
    victim = _victim(home, caller)
    calls = sum(segment.rows for segment in Lake(home).segments())
    assert files_with(home, caller)
    knowing = campaigns_with(home, caller)
    report = erased(home, caller, other, victim).as_json()
    assert [number["number"] for number in report["numbers"]] == [f"…{n[-2:]}" for n in (caller, other, victim)]
    assert all(number["calls"] for number in report["numbers"])
    assert report["numbers"][0]["campaigns"] == len(knowing) >= 1
    assert [number["alerts"] for number in report["numbers"][:2]] == [1, 1]
    left = sum(segment.rows for segment in Lake(home).segments())
    assert calls - left <= sum(number["calls"] for number in report["numbers"])  # one call may be of two of them
    assert report["degraded"] is None
    for number in (caller, other, victim):
        assert files_with(home, number) == []
    assert not tombstones.is_unfinished(open_database(home, "ledger"))


def _victim(home: Home, caller: str) -> str:
    for path in Lake(home).paths():
        calls = pq.ParquetFile(path).read(columns=["caller", "callee"])
        mine = calls.filter(pc.equal(calls["caller"], caller))
        if len(mine):
            return str(mine["callee"][0].as_py())
    raise AssertionError("it called nobody")


def test_who_asks_is_told_nothing_from_the_tombstone_on(home: Home, app: App) -> None:
    number = alerted(home)[0]
    everywhere = ["alerts", "edges", "events", "graph", "links", "lookup", "members", "numbers"]
    before = view_of(app)
    record = app.reads.lookup(before, number)
    assert isinstance(record, NumberRecord)
    assert told_of(app.reads, before, number) == everywhere
    tombstones.enter(home, open_database(home, "ledger"), [number])
    during = view_of(app)
    assert told_of(app.reads, during, number) == []
    assert isinstance(app.reads.lookup(during, number), NoData)
    assert app.reads.number(during, record.id) is None
    assert app.reads.neighbours(during, record.node.key, "out", 10).total == 0
    assert len(list(every(lambda after: app.reads.campaigns(during, CampaignFilter(), 200, after)))) > 0
    pipeline.take_in(home, load_settings(), [], "generic", Silent())  # any writer finishes
    after = view_of(app)
    assert after.run.run_id != before.run.run_id
    assert after.window == before.window
    assert told_of(app.reads, after, number) == []
    assert files_with(home, number) == []


def campaigns_without(app: App, number: str) -> set[str]:
    """Give the campaigns of which a number is no member; its own may be too small to stay one without it."""
    view = view_of(app)
    found = app.reads.lookup(view, number)
    assert isinstance(found, NumberRecord)
    members = {key: app.reads.members(view, key, 200, None).rows for key in view.campaigns}
    return {view.campaigns[key].id for key, rows in members.items() if found.id not in {row.number.id for row in rows}}


def test_what_others_see_stays(home: Home, app: App) -> None:
    number, other = alerted(home)[:2]
    others = campaigns_without(app, number)
    raised = set(alerted(home)) - {number}
    erased(home, number)
    after = view_of(app)
    assert others <= {campaign.id for campaign in after.campaigns.values()}
    assert raised <= set(alerted(home))
    assert isinstance(app.reads.lookup(after, other), NumberRecord)


def test_work_and_events_lose_the_number_alone(home: Home) -> None:
    number = alerted(home)[0]
    work, log = open_database(home, "work"), open_database(home, "events")

    def rows() -> tuple[int, list[object], list[object], int, list[object]]:
        with work.connect() as connection, log.connect() as told:
            lists = connection.execute(select(campaign_events.c.added, campaign_events.c.removed)).all()
            profiles = connection.execute(select(campaign_profiles.c.members, campaign_profiles.c.victims)).all()
            payloads = told.execute(select(events.c.payload).where(events.c.kind == CAMPAIGN)).scalars().all()
            raised = len(told.execute(select(events.c.seq).where(events.c.kind == ALERT)).all())
            count = len(connection.execute(select(alerts.c.id)).all())
        return count, [list(r) for r in lists], [list(r) for r in profiles], raised, list(payloads)

    def without(value: object) -> object:
        if isinstance(value, list):
            return [without(one) for one in value if not (isinstance(one, str) and one.endswith(number))]
        return {name: without(one) for name, one in value.items()} if isinstance(value, dict) else value

    count, lists, profiles, raised, payloads = rows()
    erased(home, number)
    after = rows()
    assert after[1] == without(lists) != lists
    assert after[4] == without(payloads) != payloads
    assert [row for row in after[2] if row in without(profiles)]  # type: ignore[operator]  # rows are JSON
    assert number not in str(after)
    assert (after[0], after[3]) >= (count - 1, raised - 1)


def test_streams_of_alerts_go_on_over_what_went(home: Home) -> None:
    log = EventLog(open_database(home, "events"))
    before = log.after(0, 10_000, ALERT)
    number = str(before.events[0].payload["number"])
    erased(home, number)
    after = log.after(0, 10_000, ALERT)
    left = [event.seq for event in before.events if event.payload["number"] != number]
    assert [event.seq for event in after.events][: len(left)] == left
    assert after.newest > before.newest  # the run that was made


def test_the_newest_cut_is_scored_again_and_older_results_go(home: Home) -> None:
    ledger = open_database(home, "ledger")
    before = committed_runs(ledger, SCOPE)
    assert len(before) == len(list(home.results.iterdir())) == 2
    erased(home, alerted(home)[0])
    after = committed_runs(ledger, SCOPE)
    assert after[:2] == before
    assert (after[2].as_of, after[2].window_start) == (before[1].as_of, before[1].window_start)
    assert [folder.name for folder in home.results.iterdir()] == [after[2].run_id]
    assert [folder.name for folder in home.snapshots.iterdir()] == [after[2].snapshot_id]


def test_erased_twice_and_numbers_that_never_were(home: Home) -> None:
    number = alerted(home)[0]
    erased(home, number)
    runs = committed_runs(open_database(home, "ledger"), SCOPE)
    report = erased(home, number, "+94771234567").as_json()
    counts = ("calls", "dead_letters", "alerts", "campaigns")
    assert all(number[name] == 0 for number in report["numbers"] for name in counts)
    assert committed_runs(open_database(home, "ledger"), SCOPE) == runs


def test_the_same_files_bring_nothing_back(home: Home, world: Path, tmp_path: Path) -> None:
    number = alerted(home)[0]
    erased(home, number)
    before = Lake(home).digest()
    again = sorted(world.glob("calls-*"))
    for path in again:  # other files of the same calls
        (tmp_path / path.name).write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + again[0].name.encode()))
    others = [tmp_path / path.name for path in again]
    report = pipeline.take_in(home, load_settings(), [*again, *others], "generic", Silent())
    assert [file.repeated for file in report.files] == [True] * 3 + [False] * 3
    assert report.accepted == 0
    assert sum(file.reasons.get("erased", 0) for file in report.files) > 0
    assert Lake(home).digest() == before
    assert files_with(home, number) == []


def test_when_nothing_is_left_there_is_no_run(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    path = write_csv(tmp_path / "a.csv", ["+919876500001,+919876500002,5,2026-05-01T00:00:00Z"])
    pipeline.run(home, load_settings(), pipeline.RunRequest(paths=[path]), Silent())
    with served(home) as running:
        assert running.app.reads.view() is not None
        report = erased(home, "+919876500002")
        assert report.degraded is None
        assert running.app.reads.view() is None
        assert running.app.unready() is not None
        assert pipeline.current(home) is None
        assert not list(home.snapshots.iterdir())
        assert not list(home.results.iterdir())
        path = write_csv(tmp_path / "b.csv", call_lines(30))
        pipeline.run(home, load_settings(), pipeline.RunRequest(paths=[path]), Silent())
        assert running.app.reads.view() is not None
    assert files_with(home, "+919876500002") == []


def test_a_restored_backup_is_erased_from_by_the_next_writer(home: Home, tmp_path: Path) -> None:
    number = alerted(home)[0]
    kept = ("db", "lake", "snapshots", "results")
    for name in kept:
        shutil.copytree(home.root / name, tmp_path / "backup" / name)
    erased(home, number)
    wanted = Lake(home).digest()
    for name in kept:
        shutil.rmtree(home.root / name)
        shutil.copytree(tmp_path / "backup" / name, home.root / name)
    assert files_with(home, number)
    pipeline.take_in(home, load_settings(), [], "generic", Silent())
    assert Lake(home).digest() == wanted
    assert files_with(home, number) == []
    assert not tombstones.is_unfinished(open_database(home, "ledger"))


def test_a_number_that_only_results_hold_is_found_after_a_restore(home: Home, tmp_path: Path) -> None:
    number = alerted(home)[0]
    erased(home, number)
    with open_database(home, "work").begin() as connection:
        connection.execute(update(alerts).values(number=number))
    with open_database(home, "ledger").begin() as connection:
        connection.execute(delete(ledger_tables.tombstones))
    pipeline.take_in(home, load_settings(), [], "generic", Silent())
    assert alerted(home) == []
    assert files_with(home, number) == []


def test_damage_in_the_window_keeps_the_number_hidden_until_it_is_mended(home: Home, world: Path, app: App) -> None:
    number = alerted(home)[0]
    held = files_with(home, number)
    flip(next(segment.path for segment in Lake(home).segments() if segment.path in held), 100)
    report = erased(home, number)
    assert report.degraded is not None
    assert "hidden from all readers" in report.degraded
    assert told_of(app.reads, view_of(app), number) == []
    pipeline.take_in(home, load_settings(), [world], "generic", Silent())
    with open_database(home, "ledger").connect() as connection:
        assert tombstones.pending_in(connection)  # the writer that mends comes after the attempt
    (row,) = find_quarantined(open_database(home, "ledger"))  # its erased calls do not come back: they are given up
    accept_loss(home, open_database(home, "ledger"), row.segment)
    pipeline.take_in(home, load_settings(), [], "generic", Silent())
    assert files_with(home, number) == []


def test_a_stream_that_runs_is_named(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "live.csv", call_lines(5))
    with streaming(home, path) as stream:
        take_pieces(stream)
        report = erased(home, alerted(home)[0])
        assert report.degraded is not None
        assert "stream" in report.degraded
        assert not tombstones.is_unfinished(open_database(home, "ledger"))


@pytest.mark.neo4j
def test_the_graph_database_loses_the_number(
    home: Home, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, other = alerted(home)[:2]
    monkeypatch.setenv("RINGFENCE_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("RINGFENCE_NEO4J_USER", neo4j_server.user)
    monkeypatch.setenv("RINGFENCE_NEO4J_PASSWORD", neo4j_server.password)
    with emptied(neo4j_server):
        pipeline.run(home, load_settings(), pipeline.RunRequest(store="neo4j"), Silent())
        with neo4j_driver() as neo4j:
            store = Neo4jStore(neo4j, load_settings().neo4j)
            keys = [Key("generic", number), Key("generic", other)]
            assert None not in store.lookup(keys)
            assert erased(home, number, store="neo4j").degraded is None
            gone, stays = store.lookup(keys)
            assert gone is None
            assert stays is not None


@pytest.mark.neo4j
def test_the_graph_database_loses_the_last_number_too(
    tmp_path: Path, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call is left in the window: there is no run in front, and nothing in the graph database."""
    monkeypatch.setenv("RINGFENCE_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("RINGFENCE_NEO4J_USER", neo4j_server.user)
    monkeypatch.setenv("RINGFENCE_NEO4J_PASSWORD", neo4j_server.password)
    home = Home(tmp_path / "small")
    calls = write_csv(tmp_path / "small.csv", ["9876543210,9876543211,5,2026-05-01T00:00:00Z"])
    with emptied(neo4j_server) as neo4j:
        held = "MATCH (n:Number) RETURN n.number ORDER BY n.number"
        pipeline.run(home, load_settings(), pipeline.RunRequest(paths=(calls,), store="neo4j"), Silent())
        assert neo4j.read(held, {}, 60) == [("+919876543210",), ("+919876543211",)]
        assert erased(home, "9876543210", store="neo4j").degraded is None
        assert pipeline.current(home) is None
        assert neo4j.read(held, {}, 60) == []


def test_a_graph_database_that_is_away_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_NEO4J_URI", "bolt://127.0.0.1:1")
    report = erased(home, alerted(home)[0], store="neo4j")
    assert report.degraded is not None
    assert "Neo4j does not show this run" in report.degraded


# -- what is meant --


@pytest.fixture
def two_countries(home: Home, tmp_path: Path) -> Home:
    take(home, write_csv(tmp_path / "lk.csv", ["0771234567,0771234568,5,2026-05-01T00:00:00Z"]))
    (home.operators).mkdir(exist_ok=True)
    (home.operators / "lanka.yaml").write_text(
        "country: LK\nzone: Asia/Colombo\nnumbers: e164\nfields:\n"
        "  caller: {from: caller_id}\n  callee: {from: receiver_id}\n  started: {from: timestamp}\n"
        "  talk_ms: {from: call_duration, unit: s}\n"
    )
    take(home, write_csv(tmp_path / "lk.csv", ["0771234567,0771234568,5,2026-05-01T00:00:00Z"]), operator="lanka")
    return home


def test_a_number_is_read_as_the_operators_read_it(home: Home) -> None:
    (meant,) = read_numbers(home, ["", " 98765 43210 ", ""])
    assert (meant.line, meant.spellings) == (2, ["+919876543210"])


@pytest.mark.parametrize("text", ["x", "12", "0", "+0", "９８７６５４３２１０", "withheld!"])
def test_what_is_no_number_is_refused_without_being_repeated(home: Home, text: str) -> None:
    with pytest.raises(UnreadableNumbersError, match="line 2") as refusal:
        read_numbers(home, ["+919876543210", text])
    assert str(refusal.value) == "no number on line 2; nothing was erased"


def test_a_number_of_several_countries_is_refused(two_countries: Home) -> None:
    with pytest.raises(UnreadableNumbersError, match="country code"):
        read_numbers(two_countries, ["0771234567"])
    assert read_numbers(two_countries, ["+94771234567"])[0].spellings == ["+94771234567"]
    assert read_numbers(two_countries, ["0771234567"], "lanka")[0].spellings == ["+94771234567"]


def test_opaque_ids_are_taken_as_they_are(home: Home, tmp_path: Path) -> None:
    (home.operators).mkdir(exist_ok=True)
    (home.operators / "ids.yaml").write_text(
        "country: IN\nzone: UTC\nnumbers: opaque\nfields:\n"
        "  caller: {from: caller_id}\n  callee: {from: receiver_id}\n  started: {from: timestamp}\n"
        "  talk_ms: {from: call_duration, unit: s}\n"
    )
    take(home, write_csv(tmp_path / "ids.csv", ["9876543210,u-7,5,2026-05-01T00:00:00Z"]), operator="ids")
    assert read_numbers(home, ["u-7"])[0].spellings == ["u-7"]
    assert read_numbers(home, ["9876543210"])[0].spellings == ["+919876543210", "9876543210"]
    assert erased(home, "u-7").as_json()["numbers"][0]["calls"] == 1
