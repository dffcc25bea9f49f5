"""The stage on one page: files → mapping → validation → segments → ledger, then the days that are closed by now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from configs import Settings
from ingest.batch import Batches
from ingest.deliveries.finding import Found, find
from ingest.deliveries.kinds import Naming, naming
from ingest.deliveries.standard_input import as_file
from ingest.disk_full import disk_needed, stopping_when_full, warn_of_little_room
from ingest.files import empty_folder
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.pair_day import refresh
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger.database import open_database
from ingest.live.sealing import seal_left
from ingest.mapping.operators import Operator, load_operator
from ingest.progress import Progress
from ingest.report import FileReport, IngestReport
from ingest.upkeep import finish, prepare

__all__ = ["FileReport", "IngestReport", "ingest"]


def ingest(
    paths: Sequence[Path],
    operator: str,
    home: Home,
    settings: Settings,
    progress: Progress,
    format_: str | None = None,
) -> IngestReport:
    """Take files, folders, patterns and standard input of one operator into the lake; the caller holds `home.writing`.

    Each file is taken in whole or not at all. `format_` is that of files whose name does not say it. Raises ConfigError
    for the mapping, DiskFullError where the disk is full, OSError for other faults of it.
    """
    mapping = load_operator(operator, home.operators)
    names = naming(mapping, format_)
    found = find(paths, names)
    with stopping_when_full(home, disk_needed(found.sources, names), lambda: _remove_unfinished(home)):
        return _take_in(found, names, mapping, home, settings, progress)


def _take_in(
    found: Found, names: Naming, mapping: Operator, home: Home, settings: Settings, progress: Progress
) -> IngestReport:
    engine = open_database(home, "ledger")
    prepare(home, engine, progress)
    seal_left(home, settings, progress)
    warn_of_little_room(home, found.sources, progress)
    progress.stage("ingest", sum(source.size for source in found.sources), "bytes")
    batches = Batches(mapping, home, engine, settings, progress)
    reports: list[FileReport] = []
    for source in found.sources:
        with as_file(source, home.staging, names.fallback, settings.ingest.max_stdin_bytes) as file:
            taken, others = batches.take(file, names)
        reports += taken
        found.passed_over += others
    if found.passed_over:
        progress.note(f"{len(found.passed_over)} files of the folders are no CDR files and were passed over")
    finish(home, engine, settings, progress)
    refresh(Lake(home), None, None, settings.features.night_local_h, progress)
    return IngestReport(reports, found.passed_over)


def _remove_unfinished(home: Home) -> None:
    empty_folder(home.staging)
    for path in find_orphans(home.lake, named_files(open_database(home, "ledger"))):
        path.unlink()
