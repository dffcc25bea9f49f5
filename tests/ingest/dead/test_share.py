"""Files of which too many rows were dead: where the line is, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import IngestSettings, load_settings
from ingest.dead.share import DEAD_PER_MILLE, check_held, dead_warning, mostly_dead
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.rejection import RejectedError
from tests.ingest.samples import call_lines, take, write_csv


def limits(**changed: float | None) -> IngestSettings:
    return load_settings().ingest.model_copy(update=changed)


@pytest.mark.parametrize(
    ("rows", "dead", "expected"),
    [
        (100, 5, {}),
        (100, 6, {DEAD_PER_MILLE: 60}),
        (3, 1, {DEAD_PER_MILLE: 334}),
        (0, 0, {}),
        (1, 1, {DEAD_PER_MILLE: 1000}),
    ],
)
def test_more_than_five_in_a_hundred_are_too_many(rows: int, dead: int, expected: dict[str, int]) -> None:
    assert dead_warning(rows, dead, limits()) == expected


@given(share=st.integers(0, 100), rows=st.integers(1, 10**9), data=st.data())
def test_the_line_is_where_it_is_written(share: int, rows: int, data: st.DataObject) -> None:
    dead = data.draw(st.integers(0, rows))
    given_limits = limits(warn_dead_share=share / 100)
    assert bool(dead_warning(rows, dead, given_limits)) == (100 * dead > share * rows)


def test_nothing_is_held_by_default() -> None:
    check_held(1, 1, limits())


def test_a_share_that_is_set_holds_what_lies_above() -> None:
    check_held(100, 29, limits(hold_dead_share=0.29))
    with pytest.raises(RejectedError, match="30 of 100 rows") as refused:
        check_held(100, 30, limits(hold_dead_share=0.29))
    assert refused.value.reason == "held_too_many_dead"


def test_such_files_are_found(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "a.csv", [*call_lines(10), "x"]))
    take(home, write_csv(tmp_path / "b.csv", [*call_lines(100, start=50), "x"]))
    take(home, write_csv(tmp_path / "c.csv", call_lines(3)))
    (found,) = mostly_dead(open_database(home, "ledger"))
    assert (found.name, found.warnings) == ("a.csv", {DEAD_PER_MILLE: 91})
