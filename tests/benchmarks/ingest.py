"""The figures that ingest must reach, measured on this machine and printed with its load.

    python -m tests.benchmarks.ingest [--only speed|fifty|hundred_million|hostile] [--keep DIR]

`speed`: calls per second from csv.gz and Parquet to sealed segments at 1M and 10M calls, and peak memory.
`fifty`: fifty files of one day, one after the other: the last ones' seconds over the first ones'.
`hundred_million`: 100M calls in the lake; then a file of 1M that is there already, once byte by byte, once in another
order. `hostile`: small files that want to do harm: seconds, growth of memory, exit code, counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from tests.benchmarks.deliveries import calls, write
from tests.benchmarks.hostile import hostile

MILLION = 1_000_000


def main() -> None:
    """Measure what was asked for and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts: dict[str, Callable[[Path], Any]] = {
        "speed": speed,
        "fifty": fifty,
        "hostile": hostile,
        "hundred_million": hundred_million,
    }
    parser.add_argument("--only", choices=tuple(parts))
    parser.add_argument("--keep", type=Path, help="keep files and homes here, and use what is there")
    options = parser.parse_args()
    found: dict[str, Any] = {"load_average": os.getloadavg(), "cores": os.cpu_count()}
    with _workplace(options.keep) as place:
        for name in [options.only] if options.only else list(parts):
            print(f"{name} …", file=sys.stderr)
            found[name] = parts[name](place)
    found["load_average_after"] = os.getloadavg()
    print(json.dumps(found, indent=1))


def speed(place: Path) -> dict[str, Any]:
    """One file each into an empty lake; the second of two is told, when nothing is loaded for the first time."""
    found: dict[str, Any] = {}
    for suffix in ("csv.gz", "parquet"):
        for rows in (MILLION, 10 * MILLION):
            warm = write(place / f"warm.{suffix}", calls(50_000, 7, 1, first_day=200))
            file = write(place / f"speed-{rows}.{suffix}", calls(rows, 1, 7))
            found[f"{suffix} {rows:,}"] = taken(place / f"home-{suffix}-{rows}", warm, file)[1]
    return found


def fifty(place: Path) -> dict[str, Any]:
    """Fifty files of 200,000 calls of one and the same day."""
    files = [write(place / f"fifty-{i:02d}.parquet", calls(200_000, 100 + i, 1)) for i in range(50)]
    seconds = [file["seconds"] for file in taken(place / "home-fifty", *files)]
    first, last = median(seconds[1:6]), median(seconds[-5:])  # the very first loads libraries
    return {"first_s": first, "last_s": last, "ratio": round(last / first, 2), "all_s": seconds}


def hundred_million(place: Path) -> dict[str, Any]:
    """A hundred files of 1M calls over thirty days, then what is there already."""
    home = place / "home-hundred-million"
    files = [place / f"million-{i:03d}.parquet" for i in range(100)]
    filled = [taken(home, write(file, _million(i)))[0] for i, file in enumerate(files)]
    shuffled = _million(50).take(pa.array(np.random.default_rng(5).permutation(MILLION)))
    again = taken(home, files[50], write(place / "shuffled.parquet", shuffled))
    return {
        "calls": sum(file["accepted"] for file in filled),
        "seconds": round(sum(file["seconds"] for file in filled), 1),
        "rows_per_s": round(MILLION * len(filled) / sum(file["seconds"] for file in filled)),
        "peak_rss_mb": max(file["peak_rss_mb"] for file in filled),
        "last_file_s": filled[-1]["seconds"],
        "same_file_again": again[0],
        "same_calls_in_another_order": again[1],
    }


def taken(home: Path, *files: Path) -> list[dict[str, Any]]:
    """Take files into a home in a process of its own and give what it says of each."""
    command = [sys.executable, "-m", "tests.benchmarks.taking", str(home), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _million(place: int) -> pa.Table:
    return calls(MILLION, 1000 + place, 1, first_day=place % 30)


@contextmanager
def _workplace(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
