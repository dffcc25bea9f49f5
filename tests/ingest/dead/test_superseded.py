"""Content that is brought again under a mended mapping: its dead rows are told once, and nothing is counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.dead.export import shown_letters
from ingest.dead.listing import Wanted, find_dead
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger.ledger import digest, find_batches
from tests.ingest.replaying import (
    BAD,
    GOOD,
    MENDED,
    WRONG,
    as_separated,
    engine_of,
    letters_of,
    replayed,
    taken,
    write_mapping,
    written,
)
from tests.ingest.samples import take


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "calls.csv", as_separated([*GOOD, *BAD]))


@pytest.fixture
def twice(tmp_path: Path, file: Path) -> Home:
    """A home that the file was brought to before and after its mapping was mended."""
    home = taken(tmp_path / "home", WRONG, file)
    write_mapping(home, MENDED)
    take(home, file, operator="mine")
    return home


def told(home: Home) -> list[tuple[int, str]]:
    return [(letter.row, letter.reason) for letter in shown_letters(engine_of(home), Wanted())]


def test_dead_rows_are_listed_and_shown_once(twice: Home) -> None:
    first, second = find_batches(engine_of(twice))
    assert (first.superseded_by, second.superseded_by) == (second.id, None)
    assert [batch.id for batch in find_dead(engine_of(twice), Wanted())] == [second.id]
    assert told(twice) == [(40, "caller_characters"), (41, "callee_zero")]


def test_the_counts_of_both_readings_add_up(twice: Home) -> None:
    first, second = find_batches(engine_of(twice))
    for batch in (first, second):
        assert batch.accepted + batch.dead_lettered + batch.duplicates == batch.rows == 42
        assert sum(batch.reasons.values()) == batch.dead_lettered
    assert first.accepted + second.accepted == sum(segment.rows for segment in Lake(twice).segments()) == 40


def test_the_end_is_that_of_a_replay(tmp_path: Path, twice: Home, file: Path) -> None:
    other = taken(tmp_path / "other", WRONG, file)
    write_mapping(other, MENDED)
    replayed(other)
    assert Lake(twice).digest() == Lake(other).digest()
    assert told(twice) == told(other)


def test_a_replay_reads_them_once(twice: Home) -> None:
    before = digest(engine_of(twice))
    (done,) = replayed(twice)
    assert (sum(done.read.values()), done.dead_lettered) == (2, 2)
    assert digest(engine_of(twice)) == before


def test_bringing_it_once_more_changes_nothing(twice: Home, file: Path) -> None:
    before = digest(engine_of(twice))
    assert take(twice, file, operator="mine").files[0].repeated
    assert digest(engine_of(twice)) == before


def test_the_earlier_mapping_counts_again_when_it_is_back(twice: Home, file: Path) -> None:
    write_mapping(twice, WRONG)
    (report,) = take(twice, file, operator="mine").files
    assert (report.repeated, report.dead_lettered, report.accepted) == (False, 42, 0)
    first, second = find_batches(engine_of(twice))
    assert (first.superseded_by, second.superseded_by) == (None, first.id)
    assert len(told(twice)) == len(letters_of(twice, first)) == 42
    assert first.accepted + first.duplicates + first.dead_lettered == first.rows


def test_a_refusal_leaves_them(tmp_path: Path, file: Path) -> None:
    home = taken(tmp_path / "home", WRONG, file)
    before = told(home)
    needs = {**MENDED, "fields": {**MENDED["fields"], "cell": {"from": "nowhere"}}}
    write_mapping(home, needs)
    assert take(home, file, operator="mine").files[0].status == "REJECTED"
    assert told(home) == before
