"""The stage on one page: a window of the lake becomes a snapshot, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from configs import Settings
from configs.plan_tables import Plans, load_plans
from graph.engines import EngineName, open_engine
from graph.snapshot import Snapshot, write_snapshot
from graph.tables import SnapshotTables, snapshot_tables
from graph.windows import EmptyWindowError, Window, iso
from ingest.erased.number_search import holds
from ingest.files import fsync
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.progress import Progress

VERSION = 4  # raise it when the same calls give another snapshot
_FEW = 0.01
_SPILL = "spill-"


def build_snapshot(
    home: Home,
    lake: Lake,
    window: Window,
    operators: Sequence[str] | None,
    settings: Settings,
    progress: Progress,
    engine: EngineName = "duckdb",
) -> Snapshot:
    """Give the snapshot of the calls that `operators` (None: all) have in `window`; one that stands is used again.

    Its id does not depend on the engine, as its values do not. The caller holds `home.writing`. Raises
    EmptyWindowError, EngineError.
    """
    names = sorted(set(lake.operators() if operators is None else operators))
    paths = lake.paths(names, window.start, window.end)
    if not paths:
        raise EmptyWindowError(_emptiness(lake, window, names, {}))
    erased = _erased(lake, paths)
    plans = load_plans(home.root)
    inputs = _inputs(lake, window, names, settings, plans)
    if erased:
        inputs["without"] = sorted(erased)  # by their keyed hashes
    folder = home.snapshots / _digest(inputs)
    if not (folder / "manifest.json").is_file():
        _remove_remains(home)
        with (
            TemporaryDirectory(prefix=_SPILL, dir=home.staging) as spill,
            open_engine(engine, Path(spill), settings.spark, home.staging / "spark.log") as opened,
        ):
            tables = snapshot_tables(opened, paths, window, settings, progress, list(erased.values()), plans)
        if tables.facts["window_calls"] == 0:
            raise EmptyWindowError(_emptiness(lake, window, names, tables.facts["other_kinds"]))
        warning = window_warning(lake, window, names, tables.facts["window_records"])
        facts = {**inputs, **tables.facts, "id": folder.name, "warnings": [warning] if warning else []}
        _publish(home, folder, facts, tables)
    snapshot = Snapshot(folder)
    for warning in snapshot.manifest["warnings"]:
        progress.note(warning)
    return snapshot


def window_warning(lake: Lake, window: Window, operators: Sequence[str], records: int) -> str | None:
    """Give a sentence when the `records` in `window` are next to none of those `operators` have, else None."""
    rows = sum(segment.rows for segment in lake.segments(operators))
    if records >= _FEW * rows:
        return None
    span = _lake_span(lake, operators)
    return f"less than 1 % of the lake's {rows} calls lie in the window {_span(window)}; they span {span}"


def _inputs(lake: Lake, window: Window, operators: Sequence[str], settings: Settings, plans: Plans) -> dict[str, Any]:
    """Give everything that decides what the snapshot holds."""
    return {
        "version": VERSION,
        "data_digest": lake.data_digest(operators, window.start, window.end),
        "window": {"start": window.start, "end": window.end},
        "operators": list(operators),
        "plans": _digest(plans.model_dump(mode="json")),
        "libraries": {name: version(name) for name in ("phonenumbers", "tzdata")},  # numbering plans, local time
        "settings": {
            "features": settings.features.model_dump(mode="json"),
            "links": settings.links.model_dump(
                mode="json", include={"sketch_keys", "rare_victim_callers", "range_digits", "rare_holders"}
            ),
        },
    }


def _remove_remains(home: Home) -> None:
    """Remove what a killed run has left of a window's calls."""
    for folder in home.staging.glob(f"{_SPILL}*"):
        shutil.rmtree(folder)


def _erased(lake: Lake, paths: Sequence[Path]) -> Mapping[str, str]:
    """Give number by keyed hash of those that are to be left out: erased ones whose calls still are in files."""
    erased = lake.erased_pending()
    return erased if erased and any(holds(path, list(erased.values())) for path in paths) else {}


def _digest(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _publish(home: Home, folder: Path, manifest: Mapping[str, Any], tables: SnapshotTables) -> None:
    """Write aside, make durable, then give the folder its name."""
    staged = home.staging / f"snapshot-{folder.name}"
    for remains in (staged, folder):
        shutil.rmtree(remains, ignore_errors=True)
    staged.mkdir(mode=0o700)
    write_snapshot(
        staged, manifest, tables.numbers, tables.features, tables.edges, tables.link_keys, tables.entities.by_name()
    )
    for path in (*sorted(staged.iterdir()), staged):
        fsync(path)
    staged.rename(folder)
    fsync(folder.parent)


def _emptiness(lake: Lake, window: Window, operators: Sequence[str], other_kinds: Mapping[str, int]) -> str:
    if not lake.segments(operators):
        return "the lake holds no calls of these operators: ingest some first"
    where = f"in the window {_span(window)}; the lake's calls span {_lake_span(lake, operators)}"
    if other_kinds:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(other_kinds.items()))
        return f"no voice call of these operators, only {kinds}, {where}"
    return f"no call of these operators {where}"


def _lake_span(lake: Lake, operators: Sequence[str]) -> str:
    segments = lake.segments(operators)
    first, last = min(s.first_started for s in segments), max(s.last_started for s in segments)
    return f"{iso(first)} .. {iso(last)}"


def _span(window: Window) -> str:
    return f"{iso(window.start)} .. {iso(window.end)}"
