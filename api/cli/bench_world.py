"""The simulated calls that `bench` measures on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.bench.ground import Ground
    from ingest.progress import Progress

LEAST = 20_000  # calls
LEAST_CALLERS, DAYS, SEED = 200, 30, 1  # a month, as the default window
LARGE = 1_000_000  # calls; smaller worlds have fewer calls a caller, or more: a few busy ones decide
CALLS_PER_CALLER, OF_LARGE = 90, 150  # at most, so that there are enough


@contextmanager
def ground_of(calls: int, progress: Progress) -> Iterator[Ground]:
    """Give an empty home and the files of the first `calls` calls of a simulated month; both go with the block."""
    from api.bench.ground import Ground
    from configs import load_settings
    from ingest.home import Home
    from ingest.simulator import WorldSettings, past_start, simulate

    callers = max(LEAST_CALLERS, calls // (CALLS_PER_CALLER if calls < LARGE else OF_LARGE))
    world = WorldSettings(callers=callers, days=DAYS, seed=SEED, start=past_start(DAYS), format="parquet")
    with TemporaryDirectory(prefix="ringfence-bench-") as folder:
        place = Path(folder)
        made = simulate(place / "world", world, progress)
        keep_first(made.files, calls)
        home = Home(place / "home").create()
        yield Ground(home, load_settings(home.root), place / "world", place)


def keep_first(files: tuple[Path, ...], calls: int) -> None:
    """Leave only the first `calls` rows of Parquet files, which are in order; files without any go."""
    import pyarrow.parquet as pq

    left = calls
    for path in files:
        rows = pq.read_metadata(path).num_rows
        if left == 0:
            path.unlink()
        elif rows > left:
            pq.write_table(pq.read_table(path).slice(0, left), path)
        left -= min(rows, left)
