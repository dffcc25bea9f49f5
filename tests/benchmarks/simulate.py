"""How fast worlds are made, and in how much memory: whole commands, as the kernel counts them.

    python -m tests.benchmarks.simulate [--callers N] [--days D] [--hardness H] [--only parquet|csv|memory]

`parquet` and `csv`: calls a second of wall time and of CPU time, the truth included. `memory`: peak memory of a world
of few days and of one of twice as many: it must not grow with the days.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.spine import ringfence

FORMATS = ("parquet", "csv")
FEW_DAYS = 3


def main() -> None:
    """Measure what was asked for and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callers", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--hardness", default="normal")
    parser.add_argument("--only", choices=(*FORMATS, "memory"))
    options = parser.parse_args()
    found: dict[str, Any] = {"load_average": os.getloadavg(), "cores": os.cpu_count()}
    for name in [options.only] if options.only else [*FORMATS, "memory"]:
        print(f"{name} …", file=sys.stderr)
        found[name] = _memory(options) if name == "memory" else _speed(options, name, options.days)
    found["load_average_after"] = os.getloadavg()
    print(json.dumps(found, indent=1))


def _memory(options: argparse.Namespace) -> dict[str, Any]:
    return {f"{days} days": _speed(options, "parquet", days) for days in (FEW_DAYS, 2 * FEW_DAYS)}


def _speed(options: argparse.Namespace, form: str, days: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "world"
        flags = {"--callers": options.callers, "--days": days, "--hardness": options.hardness, "--format": form}
        began = time.monotonic()
        made, cost = ringfence(
            "simulate", "--out", str(out), *(str(part) for flag in flags.items() for part in flag), "--json"
        )
        seconds = time.monotonic() - began
        size = sum(path.stat().st_size for path in out.iterdir())
    return {
        "calls": made["calls"],
        "seconds": round(seconds, 2),
        "calls_per_second": round(made["calls"] / seconds),
        "calls_per_cpu_second": round(made["calls"] / cost["cpu_seconds"]),
        "bytes_per_call": round(size / made["calls"], 1),
        **cost,
    }


if __name__ == "__main__":
    main()
