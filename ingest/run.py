"""The stage on one page: files → mapping → validation → segments → ledger, then the days that are closed by now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from configs import Settings
from ingest.batch import Batches
from ingest.database import open_database
from ingest.delivery import files_below
from ingest.files import empty_folder
from ingest.home import Home
from ingest.lake import Lake
from ingest.operators import load_operator
from ingest.pair_day import refresh
from ingest.progress import Progress
from ingest.report import FileReport, IngestReport
from ingest.segments import find_orphans, named_files

__all__ = ["FileReport", "IngestReport", "ingest"]


def ingest(paths: Sequence[Path], operator: str, home: Home, settings: Settings, progress: Progress) -> IngestReport:
    """Take files and folders of one operator into the lake; the caller holds `home.writing`.

    Each file is taken in whole or not at all. Raises ConfigError for the mapping, OSError for the disk.
    """
    mapping = load_operator(operator)
    engine = open_database(home, "ledger")
    _sweep(home, engine, progress)
    files, passed_over = files_below(paths, mapping.left_out)
    if passed_over:
        progress.note(f"{len(passed_over)} files in the folders are no CDR files and were passed over")
    progress.stage("ingest", None, "rows")
    batches = Batches(mapping, home, engine, settings.ingest, progress)
    reports = [batches.take(file) for file in files]
    refresh(Lake(home), None, None, settings.features.night_local_h, progress)
    return IngestReport(reports, [str(path) for path in passed_over])


def _sweep(home: Home, engine: Engine, progress: Progress) -> None:
    """Remove what a killed process left: unfinished files, and files that the ledger does not name."""
    empty_folder(home.staging)
    orphans = find_orphans(home.lake, named_files(engine))
    for path in orphans:
        path.unlink()
    if orphans:
        progress.note(f"{len(orphans)} unfinished or replaced files were removed")
