"""A replay that is killed at any moment and started again ends where an undisturbed one ends."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from ingest.faults import INGEST_POINTS, PAIR_DAY_POINTS
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger import ledger
from tests.forked import ended, start
from tests.ingest.replaying import (
    BAD,
    GOOD,
    LATER,
    MENDED,
    WRONG,
    as_separated,
    assert_accounted,
    engine_of,
    replayed,
    replayed_in_pieces,
    taken,
    write_mapping,
    written,
)


def content(home: Home) -> tuple[str, ...]:
    return Lake(home).digest(), Lake(home).data_digest(None, None, None), ledger.digest(engine_of(home))


@pytest.mark.parametrize("fault", [*INGEST_POINTS, *PAIR_DAY_POINTS, "segment:settled:2"])
def test_killed_at_a_named_point(fault: str, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", as_separated([*GOOD, *BAD, *LATER]))
    homes = []
    for name in ("killed", "undisturbed"):
        homes.append(taken(tmp_path / name, WRONG, file))
        write_mapping(homes[-1], MENDED)
    killed, undisturbed = homes
    assert ended(start(replayed_in_pieces, killed, fault=fault)) == -signal.SIGKILL
    assert_accounted(killed)
    replayed(killed)
    replayed(undisturbed)
    assert content(killed) == content(undisturbed)
    assert not list(killed.staging.iterdir())
    assert find_orphans(killed.lake, named_files(engine_of(killed))) == []
