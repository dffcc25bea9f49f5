"""One stage in this process, which does nothing else: its figures as one JSON object on standard output.

python -m api.bench.child STAGE HOME FILES
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.bench.ground import Ground, Work
from api.process import settle
from configs import load_settings
from ingest.home import Home

KINDS = {  # stage: the file of api.bench.stages that has it
    "ingest": "job",
    "scan": "scan",
    "expressions": "tables",
    "additive": "tables",
    "same": "tables",
    "features": "tables",
    "edges": "tables",
    "entities": "tables",
    "snapshot": "tables",
    "communities": "communities",
    "forest": "forest",
    "links": "links",
    "run": "job",
}
_STATUS = Path("/proc/self/status")


def main() -> None:
    """Measure the stage of the command line."""
    settle()  # as `ringfence` does; the variable comes from there, as Arrow is loaded
    stage, home, files = sys.argv[1:]
    place = Home(Path(home))
    with TemporaryDirectory(dir=place.root) as spill:
        ground = Ground(place, load_settings(place.root), Path(files), Path(spill))
        print(json.dumps(measured(stage, ground)))


def measured(stage: str, ground: Ground) -> dict[str, Any]:
    """Give wall and CPU seconds of a stage's work after all imports and preparations, and the process's peak memory."""
    prepare = getattr(import_module(f"api.bench.stages.{KINDS[stage]}"), stage)
    work: Work = prepare(ground)
    began, spent = time.monotonic(), cpu_seconds()
    tell = work()
    figures = {"seconds": time.monotonic() - began, "cpu_seconds": cpu_seconds() - spent, "peak_rss_mb": peak_rss_mb()}
    return {**figures, **tell()}


def cpu_seconds() -> float:
    """Give user and system time of this process, all its threads, and the processes that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(of.ru_utime + of.ru_stime for of in used)


def peak_rss_mb() -> float:
    """Give the most memory that this process held, files that it maps among it.

    Where /proc is, it is read there: getrusage tells of what the process was forked from, too.
    """
    if _STATUS.is_file():
        lines = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="ascii").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
