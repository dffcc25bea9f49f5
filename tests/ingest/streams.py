"""Small streams and live logs for the tests of live ingest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pyarrow as pa

from configs import LiveSettings, Settings, load_settings
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger.database import open_database
from ingest.ledger.ledger import BatchRow, find_batches
from ingest.live.live import Streaming, StreamReport
from ingest.live.log import Frame, Head
from ingest.live.marks import Marks
from ingest.mapping.operators import load_operator
from ingest.progress import Silent
from ingest.sources import Piece
from ingest.sources.file import FileSource
from tests.ingest.samples import settings_with

SMALL = {"block_bytes": 4096, "max_row_bytes": 1024, "segment_rows": 100}
NEVER = LiveSettings(seal_after_s=1e9, seal_bytes=1 << 40)


class Notes(Silent):
    """Progress of which only the notes are heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def note(self, text: str) -> None:
        """Keep it."""
        self.heard.append(text)


def live_settings(**live: float) -> Settings:
    """Settings with small blocks, and with `live` instead of sealing never."""
    changed = LiveSettings.model_validate({**NEVER.model_dump(), **live})
    return settings_with(**SMALL).model_copy(update={"live": changed})


def source_of(path: Path, known: dict[str, int] | None = None, operator: str = "generic") -> FileSource:
    """A source over a file, read in small blocks; `known` is looked at whenever it is asked."""
    kept = {} if known is None else known
    limits = live_settings().ingest
    return FileSource(path, load_operator(operator), limits, lambda beginning: _beginning(kept, beginning))


def rows_of(piece: Piece) -> list[str]:
    """The callers of a piece's whole rows, and the raw texts of its dead ones in brackets, in the order of the rows."""
    found: list[tuple[int, str]] = []
    for chunk in piece.chunks:
        found += [(int(row), caller) for row, caller in zip(chunk.rows, _callers(chunk.columns), strict=True)]
        found += [(row["row"], f"[{row['raw'].decode()}]") for row in chunk.dead.to_pylist()]
    return [text for _, text in sorted(found)]


def drained(source: FileSource, known: dict[str, int], ends: bool = False) -> list[str]:
    """Read what there is now, and remember how far that is."""
    rows: list[str] = []
    while piece := source.read(ends):
        rows += rows_of(piece)
        known[piece.source] = piece.end
    return rows


@contextmanager
def streaming(
    home: Home, path: Path, settings: Settings | None = None, notes: Notes | None = None
) -> Iterator[Streaming]:
    """A stream over a file that a test drives by hand."""
    operator = load_operator("generic")
    used = settings or live_settings()
    with home.streaming("generic", "test"):
        marks = Marks(home, "generic")
        source = FileSource(path.absolute(), operator, used.ingest, marks.known)
        yield Streaming(source, operator, home, used, notes or Notes(), Event(), marks)
        source.close()


def stream_all(home: Home, path: Path, settings: Settings | None = None) -> StreamReport:
    """Stream a file to its end and seal."""
    with streaming(home, path, settings) as stream:
        return stream.run(follow=False, idle_exit_s=None)


def frame(number: int, calls: pa.Table, dead: pa.Table, source: str = "test:a@1") -> Frame:
    """The `number`-th frame of a source."""
    head = Head(source, number, number + 1, len(calls) + len(dead), len(calls), len(dead), "test:a", "0" * 64, "csv")
    return Frame(head, calls, dead)


def batches_of(home: Home) -> list[BatchRow]:
    """Every batch of a home."""
    return find_batches(open_database(home, "ledger"))


def totals(batches: Sequence[BatchRow]) -> tuple[int, int, int, int]:
    """Rows, accepted, dead letters and duplicates of batches together."""
    counts = [(b.rows, b.accepted, b.dead_lettered, b.duplicates) for b in batches]
    rows, accepted, dead, duplicates = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0, 0)
    return rows, accepted, dead, duplicates


def lake_digest(home: Home) -> str:
    """The digest of all calls."""
    return Lake(home).digest()


def shipped() -> Settings:
    """The settings as they are shipped."""
    return load_settings()


def _beginning(known: dict[str, int], beginning: str) -> dict[str, int]:
    return {source: position for source, position in known.items() if source.startswith(beginning)}


def _callers(columns: object) -> list[str]:
    assert isinstance(columns, dict)
    return next((columns[name].to_pylist() for name in ("caller_id", "caller", "src") if name in columns), [])
