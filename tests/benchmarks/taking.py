"""Takes files into a home, one after the other, and prints for each a JSON line: rows, seconds, peak memory.

    python -m tests.benchmarks.taking HOME FILE…

What is measured is the way from the file as it lies there to sealed segments in the ledger; importing Python's
libraries is not. A process of its own, so that its peak memory is that of this work alone.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from configs import load_settings
from ingest.batch import Batches
from ingest.deliveries.finding import find
from ingest.deliveries.kinds import naming
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.mapping.operators import load_operator
from ingest.progress import Silent


def main() -> None:
    """Take the files of the command line."""
    home = Home(Path(sys.argv[1])).create()
    settings, operator = load_settings(), load_operator("generic")
    engine, names = open_database(home, "ledger"), naming(operator)
    with home.writing("benchmark"):
        for path in sys.argv[2:]:
            cpu, began = time.process_time(), time.monotonic()
            batches = Batches(operator, home, engine, settings, Silent())
            reports = [r for source in find([Path(path)], names).sources for r in batches.take(source, names)[0]]
            seconds, rows = time.monotonic() - began, sum(report.rows for report in reports)
            found = {
                "file": Path(path).name,
                "status": reports[0].status,
                "rows": rows,
                "accepted": sum(report.accepted for report in reports),
                "duplicates": sum(report.duplicates for report in reports),
                "seconds": round(seconds, 3),
                "cpu_seconds": round(time.process_time() - cpu, 3),
                "rows_per_s": round(rows / seconds),
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
