"""Statistics of a simulated world's innocent part beside published ones, and what everyday life costs to make.

python -m tests.benchmarks.call_graph [--callers N] [--days D] [--seed S] [--hardness NAME] [--start YYYY-MM-DD]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from typing import Any

from ingest.simulator import WorldSettings
from tests.ingest.simulator.published import FIGURES, Figure, Innocent
from tests.ingest.simulator.worlds import make


def main() -> None:
    """Make the world, measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callers", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=14, help="14 or more: some figures compare two weeks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hardness", default="normal")
    parser.add_argument("--start", default="2026-05-04")
    options = parser.parse_args()
    load = os.getloadavg()
    begun = time.process_time()
    made = make(WorldSettings(**vars(options)))
    cpu_s = time.process_time() - begun
    innocent = Innocent(made.everyday(), made.world.days[0].start)
    print(
        json.dumps(
            {
                "settings": vars(options),
                "load_average": load,
                "cpu_s_of_the_world": round(cpu_s, 2),
                "calls_of_the_world": len(made.calls),
                "everyday_calls": len(innocent.calls),
                "figures": [_line(figure, innocent) for figure in FIGURES],
            },
            indent=1,
            ensure_ascii=False,
        )
    )


def _line(figure: Figure, innocent: Innocent) -> dict[str, Any]:
    measured = figure.measured(innocent)
    inside = figure.low is None or figure.high is None or figure.low <= measured <= figure.high
    return {
        "name": figure.name,
        "measured": round(measured, 4),
        "range": [figure.low, figure.high],
        "inside": inside,
        "published": figure.published,
        "source": figure.source,
        "seen_again": figure.seen,
    }


if __name__ == "__main__":
    main()
