"""A growing file gives every row once, whole, in its order, whatever its writer and its rotation do."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import load_settings
from ingest.formats import reader
from ingest.mapping.operators import load_operator
from ingest.rejection import RejectedError
from ingest.sources import Piece, SourceError, path_of
from ingest.sources.file import FileSource
from tests.ingest.samples import HEADER
from tests.ingest.streams import drained, live_settings, rows_of, source_of

Known = dict[str, int]


def line(name: str, seconds: int = 1) -> str:
    return f"{name},9,{seconds},2026-05-01T00:00:00Z\n"


def lines(*names: str) -> str:
    return "".join(map(line, names))


def nothing(_: str) -> Known:
    return {}


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with its header and two rows."""
    path = tmp_path / "calls.csv"
    append(path, f"{HEADER}\n{lines('a', 'b')}")
    return path


def restarted(path: Path, known: Known, ends: bool = False) -> list[str]:
    source = source_of(path, known)
    rows = drained(source, known, ends)
    source.close()
    return rows


# -- rows --


def test_rows_come_as_they_are_written(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    assert source.name == f"file:{path}"
    assert drained(source, known) == ["a", "b"]
    assert source.read(ends=False) is None
    append(path, lines("c"))
    assert drained(source, known) == ["c"]
    assert source.position == path.stat().st_size
    source.close()


def test_a_half_written_line_waits(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    whole = line("c")
    drained(source, known)
    for character in whole:
        assert drained(source, known) == []
        append(path, character)
    assert drained(source, known) == ["c"]
    source.close()


def test_a_header_waits_for_its_end(tmp_path: Path) -> None:
    path, known = tmp_path / "calls.csv", Known()
    path.write_text("")
    source = source_of(path, known)
    for character in f"\n\r\n{HEADER}":
        append(path, character)
        assert drained(source, known) == []
    append(path, f"\n{line('a')}")
    assert drained(source, known) == ["a"]
    source.close()


def test_a_field_over_several_lines_is_one_row(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    drained(source, known)
    for part in ('"c\n', "d\n", 'e",9,1,2026-05-01T00:00:00Z\n'):
        assert drained(source, known) == []
        append(path, part)
    assert drained(source, known) == ["c\nd\ne"]
    source.close()


def test_at_the_end_the_last_row_needs_no_line_end(path: Path) -> None:
    known: Known = {}
    append(path, line("c").rstrip("\n"))
    assert restarted(path, known) == ["a", "b"]
    assert restarted(path, known, ends=True) == ["c"]
    assert restarted(path, known, ends=True) == []


def test_a_row_longer_than_any_may_be_is_one_dead_letter(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    long = "x" * 20_000
    append(path, long)
    assert drained(source, known) == ["a", "b"]
    append(path, long)
    assert drained(source, known) == []
    append(path, f"\n{line('c')}")
    dead, last = drained(source, known)
    assert dead.startswith("[xxx")
    assert last == "c"
    source.close()


def test_a_row_too_long_at_the_end(path: Path) -> None:
    append(path, "x" * 20_000)
    *rows, dead = restarted(path, {}, ends=True)
    assert rows == ["a", "b"]
    assert dead.startswith("[xxx")


@given(
    st.lists(
        st.sampled_from(
            ["", '"', '"x\n', 'y"', "\n", line("a"), line("b"), '"q""q",9,1,z\n', "x" * 1100, ",,,\n", "é\n", "\r\n"]
        ),
        max_size=25,
    ),
    st.data(),
)
def test_any_schedule_gives_the_rows_of_the_whole_file(parts: list[str], data: st.DataObject) -> None:
    text = f"{HEADER}\n{''.join(parts)}".encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    descriptor = os.memfd_create("calls")
    path = Path(f"/proc/self/fd/{descriptor}")
    known: Known = {}
    grows = load_operator("generic").model_copy(update={"format": "csv"})
    source = FileSource(path, grows, live_settings().ingest, nothing)
    rows: list[str] = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        os.write(descriptor, text[start:end])
        rows += drained(source, known)
    rows += drained(source, known, ends=True)
    source.close()
    os.close(descriptor)
    assert rows == whole_file(text)


def whole_file(text: bytes) -> list[str]:
    content = reader("csv")(io.BytesIO(text), load_operator("generic"), live_settings().ingest)
    return rows_of(Piece("", 0, 0, content.names, content.unknown, content.chunks))


# -- header and format --


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("a,b,c\n1,2,3\n")
    source = source_of(path)
    with pytest.raises(RejectedError, match="no header"):
        source.read(ends=False)
    source.close()


def test_an_empty_file_is_refused_only_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.touch()
    source = source_of(path)
    assert source.read(ends=False) is None
    with pytest.raises(RejectedError, match="empty"):
        source.read(ends=True)
    source.close()


def test_columns_are_told(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(f"{HEADER},Fee\n" + line("a").replace("\n", ",1\n"))
    source = source_of(path)
    piece = source.read(ends=False)
    assert piece is not None
    assert piece.names == (*HEADER.split(","), "Fee")
    assert piece.unknown == ("fee",)
    source.close()


def test_tabs(tmp_path: Path) -> None:
    path = tmp_path / "calls.tsv"
    path.write_text(f"{HEADER}\n{lines('a')}".replace(",", "\t"))
    assert restarted(path, {}) == ["a"]


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    path, known = tmp_path / "calls.csv", Known()
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\n{lines('a')}".encode())
    assert restarted(path, known) == ["a"]
    append(path, lines("b"))
    assert restarted(path, known) == ["b"]


def test_a_mapping_without_header(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    row = (
        '"","{}","200","default","x","SIP/1","SIP/2","Dial","","2026-05-01 00:00:00","","2026-05-01 00:00:09","9","5",'
        '"ANSWERED","DOCUMENTATION"\n'
    )
    path.write_text(row.format("100"))
    source, known = source_of(path, operator="asterisk"), Known()
    assert drained(source, known) == ["100"]
    append(path, row.format("101"))
    assert drained(source, known) == ["101"]
    source.close()


def call(name: str) -> str:
    values = {"caller_id": name, "receiver_id": "9", "call_duration": 1, "timestamp": "2026-05-01T00:00:00Z"}
    return json.dumps(values) + "\n"


def test_one_object_a_line(tmp_path: Path) -> None:
    path, known = tmp_path / "calls.jsonl", Known()
    append(path, call("a") + call("b")[:10])
    source = source_of(path, known)
    assert drained(source, known) == ["a"]
    append(path, call("b")[10:] + "damage\n")
    assert drained(source, known) == ["b", "[damage]"]
    source.close()
    append(path, "more damage\n")
    assert restarted(path, known) == ["[more damage]"]


def test_damage_before_the_first_object_waits_for_it(tmp_path: Path) -> None:
    path, known = tmp_path / "calls.ndjson", Known()
    append(path, "damage\n")
    source = source_of(path, known)
    assert drained(source, known) == []
    append(path, call("a"))
    assert drained(source, known) == ["[damage]", "a"]
    source.close()


def test_objects_of_something_else_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    append(path, '{"a": 1}\n' * 1000)
    source = source_of(path)
    with pytest.raises(RejectedError, match="needs"):
        source.read(ends=False)
    source.close()


@pytest.mark.parametrize("name", ["calls.csv.gz", "calls.parquet", "calls.json", "calls", "calls.xml"])
def test_what_does_not_grow_by_lines_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="csv, tsv or jsonl"):
        source_of(tmp_path / name)


def test_names_of_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert path_of("file:calls.csv") == tmp_path / "calls.csv"
    assert path_of("file:///var/calls.csv") == path_of("file:/var/calls.csv") == Path("/var/calls.csv")
    for wrong in ("calls.csv", "file:", "ftp://x/calls.csv", ""):
        with pytest.raises(SourceError, match="file:PATH"):
            path_of(wrong)


# -- a file that is not there --


def test_a_file_that_comes_later(tmp_path: Path) -> None:
    path, known = tmp_path / "calls.csv", Known()
    source = source_of(path, known)
    assert drained(source, known) == drained(source, known) == []
    assert source.notes() == [f"{path} is not there yet; waiting for it"]
    append(path, f"{HEADER}\n{lines('a')}")
    assert drained(source, known) == ["a"]
    assert source.notes() == []
    source.close()


def test_a_file_that_is_not_there_at_the_end(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        source_of(tmp_path / "calls.csv").read(ends=True)


# -- going on --


def test_goes_on_where_it_was(path: Path) -> None:
    known: Known = {}
    assert restarted(path, known) == ["a", "b"]
    append(path, lines("c"))
    assert restarted(path, known) == ["c"]
    assert restarted(path, known) == []
    assert len(known) == 1


def test_another_file_under_the_same_inode_is_read_from_its_beginning(path: Path) -> None:
    known: Known = {}
    restarted(path, known)
    with path.open("r+", encoding="utf-8") as file:  # longer than before, so that only its content tells
        file.write(f"{HEADER}\n{lines('d', 'e', 'f', 'g')}")
    assert restarted(path, known) == ["d", "e", "f", "g"]
    assert len(known) == 2


def test_a_file_that_was_cut_is_read_anew(path: Path) -> None:
    append(path, lines(*(f"long{i}" for i in range(60))))
    known: Known = {}
    assert len(restarted(path, known)) == 62
    size = path.stat().st_size
    os.truncate(path, size - len(line("long59")) - len(line("long58")))
    assert len(restarted(path, known)) == 60
    append(path, lines("new0", "new1", "new2"))
    assert restarted(path, known) == ["new0", "new1", "new2"]
    assert sorted(name[-2:] for name in known) == [".0", ".1"]


def test_a_copy_of_the_file_is_read_anew(path: Path, tmp_path: Path) -> None:
    known: Known = {}
    restarted(path, known)
    shutil.copy(path, tmp_path / "copy")
    path.unlink()
    (tmp_path / "other").write_text("takes the inode that became free")
    (tmp_path / "copy").rename(path)
    assert restarted(path, known) == ["a", "b"]


# -- rotation --


def test_the_rest_of_a_renamed_file_comes_first(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    drained(source, known)
    append(path, lines("c") + line("d").rstrip("\n"))
    path.rename(path.with_name("calls.csv.1"))
    append(path, f"{HEADER}\n{lines('e')}")
    assert drained(source, known) == ["c", "d", "e"]
    append(path, lines("f"))
    assert drained(source, known) == ["f"]
    assert len(known) == 2
    source.close()


def test_a_writer_may_go_on_in_the_renamed_file_until_the_new_one_holds_something(path: Path) -> None:
    known: Known = {}
    source, old = source_of(path, known), path.with_name("calls.csv.1")
    drained(source, known)
    path.rename(old)
    append(old, lines("c"))
    assert drained(source, known) == ["c"]
    path.touch()
    append(old, lines("d"))
    assert drained(source, known) == ["d"]
    append(old, lines("e"))
    append(path, f"{HEADER}\n{lines('f')}")
    assert drained(source, known) == ["e", "f"]
    assert source.notes() == []
    source.close()


def test_several_rotations_between_two_looks(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    drained(source, known)
    append(path, lines("c"))
    path.rename(path.with_name("calls.csv.1"))
    append(path, f"{HEADER}\n{lines('d')}")
    assert drained(source, known) == ["c", "d"]
    path.rename(path.with_name("calls.csv.0"))
    append(path, f"{HEADER}\n{lines('e')}")
    assert drained(source, known) == ["e"]
    source.close()


def test_the_header_of_the_new_file_is_looked_at(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    drained(source, known)
    path.rename(path.with_name("calls.csv.1"))
    append(path, "timestamp,call_duration,receiver_id,caller_id\n2026-05-01T00:00:00Z,1,9,c\n")
    assert drained(source, known) == ["c"]
    path.rename(path.with_name("calls.csv.2"))
    append(path, "something,else\n1,2\n")
    with pytest.raises(RejectedError, match="no header"):
        drained(source, known)
    source.close()


def test_a_file_that_is_copied_and_emptied(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    drained(source, known)
    append(path, lines("c"))
    shutil.copy(path, path.with_name("calls.csv.1"))
    os.truncate(path, 0)
    assert drained(source, known) == []
    append(path, f"{HEADER}\n{lines('d')}")
    assert drained(source, known) == ["c", "d"]
    assert source.notes() == []
    source.close()


def test_a_file_that_is_emptied_without_a_copy_is_told(path: Path) -> None:
    known: Known = {}
    source = source_of(path, known)
    drained(source, known)
    path.write_text(f"{HEADER}\n{lines('d', 'e', 'f')}")  # longer than before: only its content tells
    assert drained(source, known) == ["d", "e", "f"]
    assert source.notes() == [f"{path} became another file and no copy lies beside it; it is read anew"]
    source.close()


@pytest.mark.parametrize("rotate", [Path.rename, shutil.copy], ids=["renamed", "copied"])
def test_a_rotation_while_nobody_looked(rotate: Callable[[Path, Path], object], path: Path) -> None:
    known: Known = {}
    restarted(path, known)
    append(path, lines("c", "d"))
    rotate(path, path.with_name("calls.csv.1"))
    path.write_text(f"{HEADER}\n{lines('e')}")
    assert restarted(path, known) == ["c", "d", "e"]
    assert restarted(path, known) == []


def test_files_beside_it_that_have_nothing_to_do_with_it(path: Path) -> None:
    known: Known = {}
    restarted(path, known)
    path.with_name("calls.csv.bak").write_text(f"{HEADER}\n{lines('z', 'y', 'x')}")
    path.with_name("calls.csv.d").mkdir()
    append(path, lines("c"))
    assert restarted(path, known) == ["c"]


def test_shipped_limits_read_a_block_at_a_time(path: Path) -> None:
    source = FileSource(path, load_operator("generic"), load_settings().ingest, nothing)
    piece = source.read(ends=False)
    assert piece is not None
    assert piece.start == len(HEADER) + 1
    assert piece.end == path.stat().st_size
    source.close()
