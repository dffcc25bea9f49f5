"""What `doctor` looks at, room by room."""

from __future__ import annotations

import os
from pathlib import Path

from api import pipeline
from api.wiring import neo4j_driver
from graph.store.port import StoreUnavailableError
from graph.store.publish import shown_run
from graph.windows import iso
from ingest.doctor import Finding, check
from ingest.erased.tombstones import ErasureError, is_unfinished, known
from ingest.home import Home
from ingest.ledger.database import open_database


def findings(home: Home, deep: bool = False) -> list[Finding]:
    """Give every check of a home with what to do about what is wrong; for `deep` see `ingest.doctor.check`."""
    found = check(home, deep)
    if all(finding.ok for finding in found):
        found += [_erasures(home), _results(home)]
    if os.environ.get("RINGFENCE_NEO4J_URI"):
        found.append(_neo4j(home))
    return found


def _erasures(home: Home) -> Finding:
    engine = open_database(home, "ledger")
    if is_unfinished(engine):
        return Finding(
            "erasures", False, "one was begun and is not finished; the numbers are hidden", "ringfence compact"
        )
    try:
        found = known(home, engine)
    except ErasureError as error:
        return Finding("erasures", False, str(error), "restore HOME/erasures")
    return Finding("erasures", True, f"{len(found.erased_at)} numbers are erased" if found else "no number is erased")


def _results(home: Home) -> Finding:
    row = pipeline.current(home)
    if row is None:
        return Finding("results", True, "no run yet", "ringfence run")
    whole = all((folder / "manifest.json").is_file() for folder in _folders(home, row.run_id, row.snapshot_id))
    if whole:
        return Finding("results", True, f"run {row.run_id} is in front", "")
    return Finding("results", False, f"files of run {row.run_id} are missing", "ringfence rescore")


def _folders(home: Home, run_id: str, snapshot_id: str) -> tuple[Path, ...]:
    return home.results / run_id, home.snapshots / snapshot_id


def _neo4j(home: Home) -> Finding:
    front = pipeline.current(home)
    try:
        with neo4j_driver() as driver:
            driver.verify()
            shown = shown_run(driver)
    except StoreUnavailableError as error:
        return Finding(
            "neo4j", False, str(error), "check RINGFENCE_NEO4J_URI, user and password, and that the server runs"
        )
    if front is None or shown == front.run_id:
        return Finding("neo4j", True, f"shows run {shown}" if shown else "answers", "")
    shows = f"shows run {shown}" if shown else "shows no run"
    since = f"{shows}, not {front.run_id}, which is in front since {iso(front.created_at)}"
    return Finding("neo4j", False, since, "ringfence publish")
