"""The stage on one page: a snapshot becomes scores, campaigns and alerts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from configs import Settings
from detectors.alerts import Alerts, raise_alerts
from detectors.campaigns.report import campaign_tables, candidate_table, registry_rows
from detectors.campaigns.run import Found, find_campaigns
from detectors.cut import Cut
from detectors.evidence import explain
from detectors.fusion import NONE
from detectors.isolation_forest import MODEL
from detectors.results import Results, write_results
from detectors.scoring import Scored, module_table, score_numbers
from detectors.verdicts import Verdicts, final_verdicts
from detectors.work import WorkRows, add_rows
from graph.snapshot import Snapshot
from ingest.faults import point
from ingest.files import fsync
from ingest.home import Home
from ingest.progress import Progress

STEPS = 5


def score(
    home: Home,
    snapshot: Snapshot,
    scope: str,
    as_of: int,
    settings: Settings,
    progress: Progress,
    *,
    advance: bool = True,
) -> Results:
    """Score a snapshot at the cut `as_of` (µs) and write results/<run id>; the caller moves the pointer.

    The caller holds the home's write lock and has swept what uncommitted runs left in the work database. With
    `advance` the run adds campaigns, events and alerts, which count once the run is committed; without it rings are
    matched with known campaigns and nothing is added: a what-if.
    """
    # input
    progress.stage("detectors", STEPS, "steps")
    cut, run_id = Cut(home, snapshot, scope, as_of, settings), new_run_id()
    # work
    scored = score_numbers(snapshot, settings)
    progress.advance(1)
    found = find_campaigns(cut, scored)
    verdicts = final_verdicts(scored.fused, found.campaigns, settings.verdicts)
    progress.advance(1)
    evidence = explain(cut, scored, verdicts, found.shared_victims)
    progress.advance(1)
    alerts = raise_alerts(cut, verdicts, evidence, found.campaigns)
    progress.advance(1)
    # output
    tables = _tables(scored, found, verdicts, evidence)
    results = _write(home, {"run": run_id, **_manifest(cut, scored, found, alerts)}, tables)
    if advance:
        add_rows(home, _work_rows(cut, run_id, found, alerts))
    point("run:work:after")
    progress.advance(1)
    return results


def new_run_id() -> str:
    """Give an id that sorts by time of creation: r, UTC to the microsecond, four random bytes."""
    return f"r{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"


def _tables(scored: Scored, found: Found, verdicts: Verdicts, evidence: pa.Table) -> Mapping[str, pa.Table]:
    return {
        "scores": verdicts.table(scored.base),
        "module_scores": module_table(scored.judgements),
        "evidence": evidence,
        "candidates": candidate_table(found.candidates),
        **campaign_tables(found.campaigns),
    }


def _manifest(cut: Cut, scored: Scored, found: Found, alerts: Alerts) -> Mapping[str, Any]:
    return {
        "snapshot": cut.snapshot.id,
        "scope": cut.scope,
        "as_of": cut.as_of,
        "window": dict(cut.snapshot.manifest["window"]),
        "model": MODEL,
        "not_computable": dict(scored.not_computable),
        "links_not_computable": dict(found.not_computable),
        "counts": {
            "scored": int((scored.fused.basis != NONE).sum()),
            "alerts": alerts.within_budget,
            "alerts_counted": alerts.beyond,
            "campaigns": len(found.campaigns),
        },
    }


def _write(home: Home, manifest: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> Results:
    """Write aside, force to disk, then rename: results/<run id> is whole or not there."""
    staged, final = home.staging / manifest["run"], home.results / manifest["run"]
    staged.mkdir(mode=0o700)
    write_results(staged, manifest, tables)
    for path in (*sorted(staged.iterdir()), staged):
        fsync(path)
    point("run:results:before")
    staged.rename(final)
    fsync(home.results)
    return Results(final)


def _work_rows(cut: Cut, run_id: str, found: Found, alerts: Alerts) -> WorkRows:
    now = time.time_ns() // 1000
    born = [registry_rows(cut, campaign, now) for campaign in found.campaigns if campaign.identity.is_new]
    return WorkRows(
        campaigns=[{**row, "run_id": run_id} for row, _ in born],
        events=[{**event, "run_id": run_id} for _, event in born],
        alerts=[{**row, "created_at": now, "run_id": run_id} for row in alerts.rows],
        profiles=[{**row, "run_id": run_id} for row in found.profiles],
        needed_profiles=found.needed_profiles,
    )
