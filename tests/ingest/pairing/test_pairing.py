"""Begins and ends become calls: in one file, across files in any order, and never twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger import halves
from ingest.ledger.database import open_database
from ingest.report import FileReport
from tests.ingest.samples import calls_of, settings_with, take

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
HEADER = "method,from_tag,to_tag,callid,sip_code,sip_reason,time,src_user,dst_ouser,dst_user"
LIMITS = settings_with(chunk_rows=4)  # so that halves lie in different chunks
DAY_S = 86_400


class Row(NamedTuple):
    """One accounted transaction, `at` seconds after START."""

    method: str
    dialog: int
    at: int
    code: int = 200
    turned: bool = False  # sent by the callee

    def line(self) -> str:
        tags = ("b", "a") if self.turned else ("a", "b")
        users = [f"20255501{self.dialog:02d}", "2025550199"]
        who = users[::-1] if self.turned else users
        time = (START + timedelta(seconds=self.at)).strftime("%Y-%m-%d %H:%M:%S")
        return ",".join([self.method, *tags, f"call-{self.dialog}", str(self.code), "OK", time, *who, who[1]])


def invite(dialog: int, at: int, code: int = 200, turned: bool = False) -> Row:
    return Row("INVITE", dialog, at, code, turned)


def bye(dialog: int, at: int, turned: bool = False) -> Row:
    return Row("BYE", dialog, at, 200, turned)


@dataclass(frozen=True)
class Call:
    """A call as the lake has it, times in seconds."""

    dialog: str
    at: int
    talk: int
    answered: bool


class Deliveries:
    """A home and the files that it is given."""

    def __init__(self, root: Path) -> None:
        self.home, self.root = Home(root / "home").create(), root

    def bring(self, *rows: Row) -> FileReport:
        """Ingest one file of these rows."""
        path = self.root / f"{len(list(self.root.iterdir()))}.csv"
        path.write_text("\n".join([HEADER, *(row.line() for row in rows)]) + "\n", encoding="ascii")
        (file,) = take(self.home, path, operator="kamailio", settings=LIMITS).files
        assert file.message is None
        assert file.accepted + file.dead_lettered + file.duplicates == file.rows
        return file

    def calls(self) -> list[Call]:
        """The calls of the lake in the order of time."""
        if not Lake(self.home).paths():
            return []
        found = calls_of(self.home).sort_by([("started", "ascending"), ("record_id", "ascending")])
        return [_call(row) for row in found.to_pylist()]

    def waiting(self) -> int:
        """How many halves wait."""
        engine = open_database(self.home, "ledger")
        return sum(halves.count(engine, "kamailio", side, -(1 << 62), 1 << 62) for side in (halves.BEGIN, halves.END))


def _call(row: dict[str, object]) -> Call:
    started, talk = row["started"], row["talk_ms"]
    assert isinstance(started, int)
    assert isinstance(talk, int)
    at = (datetime.fromtimestamp(started / 1e6, UTC) - START) // timedelta(seconds=1)
    return Call(str(row["record_id"]).split(";")[0], at, talk // 1000, bool(row["answered"]))


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    return Deliveries(tmp_path)


def test_a_begin_and_an_end_are_one_call(deliveries: Deliveries) -> None:
    file = deliveries.bring(invite(1, 0), bye(1, 90))
    assert deliveries.calls() == [Call("call-1", 0, 90, True)]
    assert (file.rows, file.accepted, deliveries.waiting()) == (1, 1, 0)


def test_the_end_may_come_from_the_callee(deliveries: Deliveries) -> None:
    deliveries.bring(bye(1, 30, turned=True), invite(1, 0))
    (call,) = calls_of(deliveries.home).to_pylist()
    assert (call["caller"], call["callee"], call["talk_ms"]) == ("+12025550101", "+12025550199", 30_000)


def test_other_tags_or_another_call_id_are_another_dialog(deliveries: Deliveries) -> None:
    file = deliveries.bring(invite(1, 0), bye(2, 90))
    assert file.rows == 0
    assert file.warnings["waiting_halves"] == deliveries.waiting() == 2


def test_a_begin_that_failed_is_a_call_at_once(deliveries: Deliveries) -> None:
    file = deliveries.bring(invite(1, 0, code=486))
    assert deliveries.calls() == [Call("call-1", 0, 0, False)]
    assert (file.rows, deliveries.waiting()) == (1, 0)


@pytest.mark.parametrize("first", ["begin", "end"])
def test_halves_wait_for_a_later_file(deliveries: Deliveries, first: str) -> None:
    files = [invite(1, 0), bye(1, 3600)]
    one, other = files if first == "begin" else reversed(files)
    assert deliveries.bring(one).warnings["waiting_halves"] == 1
    assert deliveries.bring(other).rows == 1
    assert deliveries.calls() == [Call("call-1", 0, 3600, True)]
    assert deliveries.waiting() == 0


@pytest.mark.parametrize(("apart", "calls"), [(DAY_S, 1), (DAY_S + 1, 0)])
def test_no_further_apart_than_the_mapping_says(deliveries: Deliveries, apart: int, calls: int) -> None:
    deliveries.bring(invite(1, 0))
    deliveries.bring(bye(1, apart))
    assert len(deliveries.calls()) == calls if calls else deliveries.waiting() == 2


def test_an_end_before_the_begin_ends_nothing(deliveries: Deliveries) -> None:
    deliveries.bring(invite(1, 10), bye(1, 9))
    assert deliveries.waiting() == 2


def test_what_begins_or_ends_again_makes_no_other_call(deliveries: Deliveries) -> None:
    rows = [invite(1, 0), invite(1, 600), invite(1, 1200, turned=True), invite(1, 700, code=488), bye(1, 1800)]
    file = deliveries.bring(*rows, bye(1, 1801, turned=True), rows[0])
    assert deliveries.calls() == [Call("call-1", 0, 1800, True)]
    assert (file.rows, file.warnings["repeated_halves"], deliveries.waiting()) == (1, 5, 0)


def test_a_begin_that_waits_counts_before_one_in_the_file(deliveries: Deliveries) -> None:
    deliveries.bring(invite(1, 0))
    deliveries.bring(invite(1, 600), bye(1, 1800))
    assert deliveries.calls() == [Call("call-1", 0, 1800, True)]
    assert deliveries.waiting() == 0


def test_a_dialog_that_begins_again_after_its_end_is_the_same_call(deliveries: Deliveries) -> None:
    file = deliveries.bring(invite(1, 0), bye(1, 60), invite(1, 7200), bye(1, 7230))
    assert deliveries.calls() == [Call("call-1", 0, 60, True)]
    assert (file.rows, file.duplicates) == (2, 1)


def test_a_lost_end_does_not_take_the_next_ones_place(deliveries: Deliveries) -> None:
    deliveries.bring(invite(1, 0))
    deliveries.bring(invite(1, 2 * DAY_S), bye(1, 2 * DAY_S + 60))
    assert deliveries.calls() == [Call("call-1", 2 * DAY_S, 60, True)]
    assert deliveries.waiting() == 1


def test_halves_whose_time_is_over_are_counted_once(deliveries: Deliveries) -> None:
    assert "unpaired_begin" not in deliveries.bring(invite(1, 0), bye(2, 0)).warnings
    later = deliveries.bring(invite(3, DAY_S + 100), bye(3, DAY_S + 200))
    assert (later.warnings["unpaired_begin"], later.warnings["unpaired_end"]) == (1, 1)
    assert "unpaired_begin" not in deliveries.bring(invite(4, DAY_S + 300), bye(4, DAY_S + 400)).warnings
    late = deliveries.bring(invite(5, -100))
    assert late.warnings == {"waiting_halves": 1, "unpaired_begin": 1}


def test_a_late_file_still_finds_its_other_half(deliveries: Deliveries) -> None:
    deliveries.bring(bye(1, 60))
    deliveries.bring(invite(3, 5 * DAY_S), bye(3, 5 * DAY_S + 1))
    deliveries.bring(invite(1, 0))
    assert Call("call-1", 0, 60, True) in deliveries.calls()
    assert deliveries.waiting() == 0


def test_only_the_time_of_an_end_can_be_at_fault(deliveries: Deliveries) -> None:
    path = deliveries.root / "odd.csv"
    lines = [
        HEADER,
        invite(1, 0).line(),
        bye(1, 60).line().replace("2025550199", "sip-7x"),
        invite(2, 0).line().replace("2025550102", "alice"),
        bye(2, 60).line(),
        "BYE,a,b,call-3,200,OK,yesterday,2025550103,2025550199,2025550199",
    ]
    path.write_text("\n".join(lines), encoding="ascii")
    (file,) = take(deliveries.home, path, operator="kamailio").files
    assert file.reasons == {"caller_characters": 1, "started_malformed": 1}
    assert deliveries.calls() == [Call("call-1", 0, 60, True)]
    assert (file.rows, deliveries.waiting()) == (3, 1)


def test_the_same_file_again_changes_nothing(deliveries: Deliveries) -> None:
    rows = [invite(1, 0), bye(1, 60), invite(2, 0)]
    deliveries.bring(*rows)
    digest = Lake(deliveries.home).digest()
    again = deliveries.bring(*rows)
    assert (again.repeated, again.duplicates, deliveries.waiting()) == (True, 1, 1)
    overlapping = deliveries.bring(*rows, invite(3, 5))
    assert (overlapping.duplicates, overlapping.accepted, deliveries.waiting()) == (1, 0, 2)
    assert Lake(deliveries.home).digest() == digest


def test_halves_can_be_forgotten(deliveries: Deliveries) -> None:
    deliveries.bring(invite(1, 0), invite(2, 100), bye(3, 200))
    engine = open_database(deliveries.home, "ledger")
    with engine.begin() as connection:
        assert halves.forget_numbers(connection, {"+12025550102", "+12025550150"}) == 1
    assert deliveries.waiting() == 2
    with engine.begin() as connection:
        assert halves.forget_before(connection, "kamailio", int((START.timestamp() + 200) * 1e6)) == 1
        assert halves.forget_before(connection, "generic", 1 << 62) == 0
    assert deliveries.waiting() == 1


@st.composite
def traffic(draw: st.DrawFn) -> list[list[Row]]:
    """Rows of some dialogs, each with at most one begin and one end, in files, some in several of them."""
    files: list[list[Row]] = [[] for _ in range(draw(st.integers(1, 4)))]
    for dialog in range(draw(st.integers(1, 6))):
        begin, turned = draw(st.integers(0, 3 * DAY_S)), draw(st.booleans())
        length = draw(st.sampled_from([0, 1, 90, DAY_S, DAY_S + 1]))
        code = draw(st.sampled_from([200, 200, 200, 486]))
        rows = [invite(dialog, begin, code), bye(dialog, begin + length, turned)]
        for row in draw(st.lists(st.sampled_from(rows), unique=True, max_size=2)):
            for place in draw(st.sets(st.integers(0, len(files) - 1), min_size=1)):
                files[place].insert(draw(st.integers(0, len(files[place]))), row)
    return files


def expected(files: Iterable[Sequence[Row]]) -> set[Call]:
    """The calls that the rows say, by looking at each dialog alone."""
    rows = {row for file in files for row in file}
    begins = {row.dialog: row for row in rows if row.method == "INVITE"}
    ends = {row.dialog: row for row in rows if row.method == "BYE"}
    return set(_expected(begins, ends))


def _expected(begins: dict[int, Row], ends: dict[int, Row]) -> Iterator[Call]:
    for dialog, begin in begins.items():
        if begin.code != 200:
            yield Call(f"call-{dialog}", begin.at, 0, False)
        elif dialog in ends and 0 <= ends[dialog].at - begin.at <= DAY_S:
            yield Call(f"call-{dialog}", begin.at, ends[dialog].at - begin.at, True)


@settings(max_examples=12)
@given(traffic(), st.data())
def test_any_order_and_any_split_of_the_files_give_the_same_lake(files: list[list[Row]], data: st.DataObject) -> None:
    digests = []
    for order in (files, [*data.draw(st.permutations(files)), *files]):
        with TemporaryDirectory() as folder:
            deliveries = Deliveries(Path(folder))
            for file in order:
                deliveries.bring(*file)
            assert sorted(deliveries.calls(), key=repr) == sorted(expected(files), key=repr)
            digests.append(Lake(deliveries.home).digest())
    assert digests[0] == digests[1]


@pytest.mark.parametrize("files", [1, 2])
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_records_of_one_begin_the_same_one_counts(tmp_path: Path, files: int, turned: bool) -> None:
    """In whatever order and files they come, with the end in another one."""
    begin = invite(1, 0).line()
    lines = [begin, begin.replace("OK", "Fine")][:: -1 if turned else 1]
    pieces = [lines] if files == 1 else [[line] for line in lines]
    home = Home(tmp_path / "home").create()
    for place, piece in enumerate([*pieces, [bye(1, 60).line()]]):
        path = tmp_path / f"{place}.csv"
        path.write_text("\n".join([HEADER, *piece]) + "\n", encoding="ascii")
        take(home, path, operator="kamailio", settings=LIMITS)
    (call,) = calls_of(home).to_pylist()
    assert (call["cause"], call["talk_ms"]) == ("200 Fine", 60_000)
