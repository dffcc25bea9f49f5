"""Labels of duplicates: the least stays, another one is counted as a conflict, within a file and against the lake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.lake.labels import LABEL_CONFLICTS
from tests.ingest.samples import FULL_HEADER, HEADER, call_line, call_lines, calls_of, settings_with, take, write_csv

NUMBERED = f"{HEADER},record_id,true_label"


def labelled(i: int, label: str) -> str:
    return f"{call_line(i)},,,{label}"


def numbered(i: int, record: str, label: str) -> str:
    return f"{call_line(i)},{record},{label}"


def conflicts(home: Home, path: Path, lines: Sequence[str], header: str = FULL_HEADER, **limits: int) -> int:
    """Take a file in and give what it was warned of."""
    (file,) = take(home, write_csv(path, lines, header), settings=settings_with(**limits)).files
    assert file.status == "COMPLETED"
    return file.warnings.get(LABEL_CONFLICTS, 0)


@pytest.mark.parametrize(
    ("first", "second", "kept", "expected"),
    [("1", "0", 0, 1), ("0", "1", 0, 1), ("", "1", 1, 0), ("1", "1", 1, 0), ("1", "", 1, 0), ("", "", None, 0)],
)
def test_against_the_lake(home: Home, tmp_path: Path, first: str, second: str, kept: int | None, expected: int) -> None:
    assert conflicts(home, tmp_path / "1.csv", [labelled(1, first), labelled(2, "1")]) == 0
    assert conflicts(home, tmp_path / "2.csv", [labelled(1, second), labelled(3, "0")]) == expected
    labels = {call["callee"]: call["label"] for call in calls_of(home).to_pylist()}
    assert labels["+918765400001"] == kept


@pytest.mark.parametrize(
    ("labels", "kept", "expected"),
    [
        (("1", "0"), 0, 1),
        (("1", "0", "1"), 0, 2),
        (("0", "0"), 0, 0),
        (("", "1"), 1, 0),
        (("1", "", "1"), 1, 0),
        (("", ""), None, 0),
    ],
)
def test_within_a_file(home: Home, tmp_path: Path, labels: Sequence[str], kept: int | None, expected: int) -> None:
    """Of equal calls the smallest label stays, an unlabelled one last."""
    assert conflicts(home, tmp_path / "1.csv", [labelled(1, label) for label in labels]) == expected
    (call,) = calls_of(home).to_pylist()
    assert call["label"] == kept


def test_within_a_file_over_days_and_segments(home: Home, tmp_path: Path) -> None:
    """A record's number is one call within a file whatever its day; what stays may be written in another segment."""
    lines = [numbered(1, "r1", "1"), numbered(250, "r1", "0"), numbered(2, "r2", "0"), numbered(251, "r2", "0")]
    others = [numbered(i, f"x{i}", "1") for i in range(10, 200)]
    assert conflicts(home, tmp_path / "1.csv", [*lines, *others], NUMBERED, segment_rows=20, block_bytes=4096) == 1


def test_files_without_labels_read_no_segment(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "1.csv", call_lines(20)))
    for path in home.lake.rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:-8] + b"damaged!")
    (file,) = take(home, write_csv(tmp_path / "2.csv", call_lines(25))).files
    assert (file.duplicates, file.warnings) == (20, {})


def test_a_damaged_segment_does_not_stop_a_file(home: Home, tmp_path: Path) -> None:
    conflicts(home, tmp_path / "1.csv", [labelled(1, "1")])
    (path,) = (home.lake / "calls").rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:-8] + b"damaged!")
    assert conflicts(home, tmp_path / "2.csv", [labelled(1, "0"), labelled(2, "0")]) == 0
