"""A window's files hold every record once, on nodes, whatever way the lake keeps them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from configs import load_settings
from graph.reading import segments
from graph.reading.segments import KEPT
from graph.reading.window import WindowFiles, read_window
from graph.windows import iso
from tests.graph.calls import MAY, Row, call, call_table

NUMBERS = [*(f"+9190000{at:05}" for at in range(12)), "12345", "abcdef", "+14155550199", "+"]
TEXTS = ("origin_region", "target_region", "imei", "imsi", "cell", "trunk_in", "trunk_out")
_SIDES = {"calls": ("caller", "callee"), "messages": ("caller", "callee"), "forwards": ("forwarder", "target")}


def _rows(seed: int, count: int) -> list[Row]:
    chance = random.Random(seed)
    return [_row(chance, place) for place in range(count)]


def _row(chance: random.Random, place: int) -> Row:
    texts: dict[str, Any] = {name: chance.choice((None, "a", "b", "unknown")) for name in TEXTS}
    caller, callee = chance.choices(NUMBERS, k=2)
    month = chance.choice(("05", "05", "05", "04", "06"))
    talk = chance.choice((0, 0, 30))
    return call(
        *(caller, callee, f"2026-{month}-{chance.randint(1, 28):02}T10:{chance.randint(0, 59):02}:00Z", talk),
        operator=chance.choice(("one", "two", "another")),
        kind=chance.choice(("voice", "voice", "sms", "forward")),
        caller_kind=chance.choice(("e164", "service", "opaque", "withheld")),
        zone=chance.choice(("UTC", "Asia/Kolkata")),
        answered=chance.choice((None, True, False)),
        ring=chance.choice((None, 3)),
        forwarded_to=chance.choice((None, None, callee, *NUMBERS)),
        record_id=str(place),
        **texts,
    )


def _read(
    rows: list[Row],
    folder: Path,
    *,
    files: int,
    group: int,
    left_out: tuple[str, ...] = (),
    statistics: bool = True,
    kept: Sequence[str] = KEPT,
) -> WindowFiles:
    paths = []
    for at in range(files):
        paths.append(folder / f"{at}.parquet")
        pq.write_table(call_table(rows[at::files]), paths[-1], row_group_size=group, write_statistics=statistics)
    return read_window(paths, MAY, left_out, load_settings().features, folder, kept)


def _in(rows: list[Row], left_out: tuple[str, ...] = ()) -> list[Row]:
    sides = ("caller", "callee", "forwarded_to")
    return [
        row
        for row in rows
        if MAY.start <= row["started"] < MAY.end and not any(row[side] in left_out for side in sides)
    ]


def _is_call(row: Row) -> bool:
    return bool(row["kind"] == "voice" and row["caller_kind"] != "withheld")


def _named(read: WindowFiles, table: str, sides: tuple[str, str]) -> list[dict[str, Any]]:
    """Give the rows of a table with texts where they have nodes and places."""
    names = pq.read_table(read.numbers).to_pylist()
    rows: list[dict[str, Any]] = pq.read_table(read.tables[table]).to_pylist()
    for row in rows:
        assert names[row[sides[0]]]["operator"] == names[row[sides[1]]]["operator"]
        row["operator"] = names[row[sides[0]]]["operator"]
        row.update({side: names[row[side]]["number"] for side in sides})
        row.update(
            {
                name: row[name] if row[name] is None else read.texts[name][row[name]].as_py()
                for name in TEXTS
                if name in row
            }
        )
    return rows


def _counted(rows: Iterable[dict[str, Any]], names: Sequence[str]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row[name] for name in names) for row in rows)


@pytest.mark.parametrize(("files", "group", "together"), [(1, 1000, 1 << 20), (3, 40, 1 << 20), (3, 40, 1)])
def test_every_record_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int, group: int, together: int
) -> None:
    monkeypatch.setattr(segments, "_TOGETHER", together)
    rows = _rows(3, 400)
    read = _read(rows, tmp_path, files=files, group=group)
    calls = [
        {**row, "answered": row["talk_ms"] > 0 if row["answered"] is None else row["answered"]} for row in _in(rows)
    ]
    names: Sequence[str] = ("operator", "caller", "callee", "started", "talk_ms", "ring_ms", "answered", *TEXTS)
    assert _counted(_named(read, "calls", ("caller", "callee")), names) == _counted(
        list(filter(_is_call, calls)), names
    )
    sent = [row for row in _in(rows) if row["kind"] == "sms" and row["caller_kind"] != "withheld"]
    names = ("operator", "caller", "callee")
    assert _counted(_named(read, "messages", ("caller", "callee")), names) == _counted(sent, names)
    on = [row for row in _in(rows) if row["forwarded_to"] not in (None, row["callee"])]
    found = _counted(_named(read, "forwards", ("forwarder", "target")), ("operator", "forwarder", "target"))
    assert found == _counted(on, ("operator", "callee", "forwarded_to"))


def test_texts_that_nobody_asked_for_are_not_read(tmp_path: Path) -> None:
    rows = _rows(4, 200)
    whole, part = (TemporaryDirectory(dir=tmp_path) for _ in range(2))
    with whole, part:
        all_, some = (
            _named(_read(rows, Path(folder.name), files=2, group=50, kept=kept), "calls", ("caller", "callee"))
            for folder, kept in ((whole, KEPT), (part, ("cell", "imei")))
        )
    others = set(KEPT) - {"cell", "imei"}
    assert [{name: row[name] for name in row if name not in others} for row in all_] == some


def test_numbers_are_those_that_take_part_in_order(tmp_path: Path) -> None:
    rows = _rows(5, 300)
    seen: dict[tuple[str, str], list[int]] = {}
    for row in _in(rows):
        talks = row["kind"] in ("voice", "sms") and row["caller_kind"] != "withheld"
        sends_on = row["forwarded_to"] not in (None, row["callee"])
        sides = (*(("caller", "callee") if talks else ()), *(("callee", "forwarded_to") if sends_on else ()))
        for side in sides:
            seen.setdefault((row["operator"], row[side]), []).append(row["started"])
    numbers = pq.read_table(_read(rows, tmp_path, files=2, group=50).numbers).to_pylist()
    assert [row["node"] for row in numbers] == list(range(len(seen)))
    assert {(row["operator"], row["number"]): [row["first_seen"], row["last_seen"]] for row in numbers} == {
        who: [min(at), max(at)] for who, at in sorted(seen.items())
    }
    assert [(row["operator"], row["number"]) for row in numbers] == sorted(seen)


def test_facts_count_all_records(tmp_path: Path) -> None:
    rows = _rows(7, 300)
    here = _in(rows)
    voice = list(filter(_is_call, here))
    withheld = sum(row["kind"] == "voice" and row["caller_kind"] == "withheld" for row in here)
    others = Counter(row["kind"] for row in here if row["kind"] != "voice")
    read = _read(rows, tmp_path, files=1, group=70)
    assert read.facts == {
        "window_calls": len(voice),
        "self_calls": sum(row["caller"] == row["callee"] for row in voice),
        "answer_state_inferred": any(row["answered"] is None for row in voice),
        "other_kinds": {**others, "withheld": withheld},
        "window_records": len(here),
    }
    assert read.recorded["imei"] == sum(row["imei"] is not None for row in voice)


def test_records_with_numbers_left_out_do_not_count(tmp_path: Path) -> None:
    rows, out = _rows(9, 300), (NUMBERS[0], NUMBERS[3])
    read = _read(rows, tmp_path, files=2, group=64, left_out=out)
    assert read.facts["window_records"] == len(_in(rows, out)) < len(_in(rows))
    assert not set(out) & set(pq.read_table(read.numbers)["number"].to_pylist())


def test_the_files_do_not_depend_on_the_order_of_segments(tmp_path: Path) -> None:
    rows = _rows(11, 200)
    with TemporaryDirectory(dir=tmp_path) as one, TemporaryDirectory(dir=tmp_path) as other:
        forth, back = (
            _read(order, Path(folder), files=4, group=30) for order, folder in ((rows, one), (rows[::-1], other))
        )
        assert pq.read_table(forth.numbers).equals(pq.read_table(back.numbers))
        assert forth.texts == back.texts
        calls = [sorted(map(str, pq.read_table(read.tables["calls"]).to_pylist())) for read in (forth, back)]
    assert calls[0] == calls[1]


def test_a_window_without_records_has_empty_tables(tmp_path: Path) -> None:
    read = _read([call("+911", "+912", "2026-04-01T10:00:00Z")], tmp_path, files=1, group=10)
    assert [pq.read_metadata(path).num_rows for path in (read.numbers, *read.tables.values())] == [0, 0, 0, 0]
    assert read.facts["window_records"] == 0


def _row_groups_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give a list that grows by the place of every row group that is read of a segment from now on."""
    places: list[int] = []
    read_row_group = pq.ParquetFile.read_row_group

    def read(file: pq.ParquetFile, i: int, *more: Any, **named: Any) -> pa.Table:
        places.append(i)
        return read_row_group(file, i, *more, **named)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", read)
    return places


def _around_the_window() -> list[Row]:
    """Row groups of two: just before the window, on both of its ends, just after it."""
    times = (MAY.start - 2, MAY.start - 1, MAY.start, MAY.end - 1, MAY.end, MAY.end + 1)
    return [call("+911", "+912", iso(at)) for at in times]


@pytest.mark.parametrize(("statistics", "expected"), [(True, [1]), (False, [0, 1, 2])])
def test_row_groups_outside_the_window_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statistics: bool, expected: list[int]
) -> None:
    places = _row_groups_read(monkeypatch)
    read = _read(_around_the_window(), tmp_path, files=1, group=2, statistics=statistics)
    assert places == expected
    assert pq.read_table(read.tables["calls"])["started"].to_pylist() == [MAY.start, MAY.end - 1]
    assert read.facts["window_records"] == 2


def test_segments_without_statistics_give_the_same_window(tmp_path: Path) -> None:
    rows = sorted(_rows(13, 300), key=lambda row: row["started"])  # so that row groups lie outside
    with TemporaryDirectory(dir=tmp_path) as one, TemporaryDirectory(dir=tmp_path) as other:
        told, untold = (
            _read(rows, Path(folder), files=2, group=20, statistics=statistics)
            for folder, statistics in ((one, True), (other, False))
        )
        assert (told.count, told.facts, told.recorded) == (untold.count, untold.facts, untold.recorded)
        assert pq.read_table(told.numbers).equals(pq.read_table(untold.numbers))
        for name, sides in _SIDES.items():
            ours, theirs = _named(told, name, sides), _named(untold, name, sides)
            assert len(ours), name
            assert ours == theirs, name
