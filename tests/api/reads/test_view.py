"""The run in front: opened once, swapped when the pointer moves, kept by whoever still reads it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from api.reads import GraphRecord, NoData, NumberFilter, NumberRecord, Reads
from api.wiring import App, open_app
from configs import ConfigError
from graph.store.port import Key
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import committed_runs, switch_run
from tests.api.worlds import alert, put_in_front, quick_settings, ring_home, ring_world
from tests.contract.graphs import Drawing


def opened(home: Home) -> App:
    """Open the parts of a home."""
    return open_app(home, quick_settings())


def test_before_the_first_run_there_is_no_view(home: Home) -> None:
    reads = opened(home).reads
    assert reads.view() is None
    put_in_front(home, ring_world())
    view = reads.view()
    assert view is not None
    assert view.run.run_id == "run-1"


def test_a_view_is_opened_once_a_run(home: Home) -> None:
    reads = opened(ring_home(home)).reads
    assert reads.view() is reads.view()


def test_a_number_has_the_carrier_of_the_home_s_table_of_ported_prefixes(home: Home) -> None:
    reads = opened(ring_home(home)).reads
    assert carrier_and_region(reads) == (("Dialog", "plan"), "India")
    (home.root / "ported.csv").write_text("prefix,carrier\n+9198100,Jio\n")
    assert carrier_and_region(reads) == (("Dialog", "plan"), "India")  # read when a command or the server starts
    assert carrier_and_region(opened(home).reads) == (("Jio", "ported"), "India")


def test_what_is_no_telephone_number_has_neither_carrier_nor_region(home: Home) -> None:
    put_in_front(home, Drawing([("vast2008 +94112345678", "vast2008 119", 1)]))
    (home.root / "ported.csv").write_text("prefix,carrier\n+9,Jio\n")
    reads = opened(home).reads
    view = reads.view()
    assert view is not None
    for record in reads.numbers(view, NumberFilter(), "risk", 200, None).rows:
        shown = replace(record, node=replace(record.node, kind="opaque"))
        assert (reads.carrier(view, shown).name, reads.region(shown)) == (None, None)


def test_a_wrong_table_of_ported_prefixes_is_refused_with_its_lines(home: Home) -> None:
    (home.create().root / "ported.csv").write_text("prefix,carrier\n9477,Dialog\n")
    with pytest.raises(ConfigError, match=r"ported\.csv, line 2: '9477' is no prefix"):
        opened(home)


def carrier_and_region(reads: Reads) -> tuple[tuple[str | None, str | None], str | None]:
    """Give what is shown of a member of the ring."""
    view = reads.view()
    assert view is not None
    record = reads.lookup(view, "9810000002")
    assert isinstance(record, NumberRecord)
    return reads.carrier(view, record), reads.region(record)


def test_a_reader_keeps_its_view_and_the_next_one_gets_the_new(home: Home) -> None:
    reads = opened(ring_home(home)).reads
    old = reads.view()
    put_in_front(home, Drawing([("generic +911", "generic +912", 1)]), "run-2")
    new = reads.view()
    assert old is not None
    assert new is not None
    assert (old.run.run_id, new.run.run_id) == ("run-1", "run-2")
    assert isinstance(reads.lookup(old, "9810000001"), NumberRecord)
    assert isinstance(reads.lookup(new, "9810000001"), NoData)
    assert reads.numbers(old, NumberFilter(), "risk", 200, None).total == 18
    assert reads.numbers(new, NumberFilter(), "risk", 200, None).total == 2


def test_a_run_put_in_front_again_is_seen_again(home: Home) -> None:
    reads = opened(ring_home(home)).reads
    put_in_front(home, Drawing([("generic +911", "generic +912", 1)]), "run-2")
    first = next(run for run in committed_runs(open_database(home, "ledger"), "all") if run.run_id == "run-1")
    assert reads.view() is not None
    with open_database(home, "ledger").begin() as connection:
        switch_run(connection, first)
    view = reads.view()
    assert view is not None
    assert view.run.run_id == "run-1"


def test_who_read_the_version_before_others_moved_on_does_not_go_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = opened(ring_home(home)).reads
    assert reads.view() is not None
    put_in_front(home, Drawing([("generic +911", "generic +912", 1)]), "run-2")
    new = reads.view()
    monkeypatch.setattr("api.reads.version_in", lambda *_: 1)
    assert reads.view() is new


def test_figures_of_a_view_count_the_alerts_of_its_moment(home: Home) -> None:
    reads = opened(ring_home(home)).reads
    old = reads.view()
    assert old is not None
    before = reads.stats(old).alerts
    put_in_front(home, Drawing([("generic +911", "generic +912", 1)]), "run-2", [alert(77)])
    new = reads.view()
    assert new is not None
    assert reads.stats(old).alerts == before
    assert reads.stats(new).alerts == before + 1


def test_many_threads_open_one_view(home: Home) -> None:
    reads = opened(ring_home(home)).reads
    barrier = threading.Barrier(8)
    seen: list[int] = []

    def look() -> None:
        barrier.wait()
        seen.append(id(reads.view()))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1


def test_what_is_derived_agrees_with_the_tables(home: Home) -> None:
    view = opened(ring_home(home)).reads.view()
    assert view is not None
    assert view.operators == ["generic"]
    for name, (start, end) in view.member_spans.items():
        assert set(view.results.members["campaign"].to_pylist()[start:end]) == {name}
        assert end - start == view.campaigns[name].members
    assert view.node_of(Key("generic", "é")) is None
    for row in range(len(view.snapshot.numbers)):
        (record,) = view.records([row])
        assert record.row == row == view.node_of(record.node.key) == view.index.node_of(record.id)
        assert view.record(record.node) == record


def test_what_people_type_does_not_need_the_ids_of_all_numbers(home: Home) -> None:
    reads = opened(ring_home(home)).reads
    view = reads.view()
    assert view is not None
    assert isinstance(reads.lookup(view, "9810000001"), NumberRecord)
    assert isinstance(reads.graph(view, ["9810000001"], None, 2, 50), GraphRecord)
    assert reads.number(view, "C-1") is None
    assert "index" not in vars(view)  # a second for a million numbers: built when an id is asked for
    assert reads.number(view, view.records([0])[0].id) == view.records([0])[0]
    assert "index" in vars(view)
