"""`python -m tests.ingest.take_files HOME FILE…`: ingest in a process of its own, which a test may kill."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.home import Home
from tests.ingest.samples import settings_with, take


def take_files(home: Home, files: Sequence[Path]) -> None:
    """Ingest files in small pieces."""
    take(home, *files, settings=settings_with(segment_rows=100, block_bytes=4096, max_row_bytes=1024))


if __name__ == "__main__":
    take_files(Home(Path(sys.argv[1])), [Path(name) for name in sys.argv[2:]])
