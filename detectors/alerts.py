"""Which numbers people are asked to look at: the best by risk × exposure within the budget; the rest is counted.

The budget is per cut: a run raises at most `alerts.per_day` alerts, for cuts follow each other daily. What is open from
an earlier cut is neither raised again nor charged to the budget; a run repeated at the same cut raises nothing new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from configs import VerdictSettings
from detectors.alert_texts import AlertTexts
from detectors.campaigns.report import Campaign
from detectors.cut import Cut
from detectors.fusion import MODULE
from detectors.registry import Severity, module_named
from detectors.verdicts import Verdicts
from detectors.work import OPEN, Row, raised_alerts
from graph.snapshot import Snapshot

CRITICAL_RISK = 95.0
_ORDER: Sequence[Severity] = ("LOW", "MEDIUM", "HIGH", "CRITICAL")


@dataclass(frozen=True)
class Suspect:
    """A number that an alert may be about."""

    node: int
    operator: str
    number: str
    risk: float  # 0..100
    exposure: int  # distinct callees reached
    fraud_type: str | None
    campaign: str | None
    is_proven: bool  # whether a module's facts hold


@dataclass(frozen=True)
class Alerts:
    """What a run asks people to look at."""

    rows: Sequence[Row]  # new ones
    within_budget: int  # the new ones, and those that an earlier run at this cut raised already
    beyond: int  # counted only


@dataclass(frozen=True)
class Budgeted:
    """The suspects within the budget, best first, and how many lie beyond it."""

    chosen: Sequence[Suspect]
    beyond: int


def raise_alerts(cut: Cut, verdicts: Verdicts, evidence: pa.Table, campaigns: Sequence[Campaign]) -> Alerts:
    """Choose and word the alerts of a cut."""
    settings = cut.settings
    raised_here, open_elsewhere = raised_alerts(cut.home, cut.scope, cut.as_of)
    suspects = _suspects(cut.snapshot, verdicts, settings.verdicts.suspicious)
    budgeted = within_budget(suspects, open_elsewhere, settings.alerts.per_day)
    new = [s for s in budgeted.chosen if alert_id(cut.scope, s, cut.as_of) not in raised_here]
    texts = AlertTexts(evidence, campaigns)
    rows = [alert_row(cut, suspect, texts) for suspect in new]
    return Alerts(rows, len(budgeted.chosen), budgeted.beyond)


def _suspects(snapshot: Snapshot, verdicts: Verdicts, least_risk: float) -> list[Suspect]:
    nodes = np.flatnonzero(verdicts.risk >= least_risk)
    rows = snapshot.numbers.select(["operator", "number"]).take(nodes)
    reached = np.diff(snapshot.out.indptr)
    return [
        Suspect(
            int(node),
            operator,
            number,
            float(verdicts.risk[node]),
            int(reached[node]),
            verdicts.fraud_type[node],
            verdicts.campaign[node],
            verdicts.basis[node] == MODULE,
        )
        for node, operator, number in zip(nodes, rows["operator"].to_pylist(), rows["number"].to_pylist(), strict=True)
    ]


def within_budget(
    suspects: Sequence[Suspect], open_elsewhere: Set[tuple[str, str, str | None]], per_day: int
) -> Budgeted:
    """Choose the best by risk × exposure; ties go to the higher risk, then to the smaller node."""
    new = [s for s in suspects if (s.operator, s.number, s.fraud_type) not in open_elsewhere]
    best = sorted(new, key=lambda s: (-s.risk * s.exposure, -s.risk, s.node))
    return Budgeted(best[:per_day], max(0, len(best) - per_day))


def alert_row(cut: Cut, suspect: Suspect, texts: AlertTexts) -> Row:
    """Give the row of one alert, without the run and the clock time."""
    return {
        "id": alert_id(cut.scope, suspect, cut.as_of),
        "scope": cut.scope,
        "operator": suspect.operator,
        "number": suspect.number,
        "severity": severity_of(suspect, cut.settings.verdicts),
        "title": texts.title(suspect.fraud_type, suspect.campaign, suspect.exposure),
        "description": texts.description(suspect.node),
        "campaign": suspect.campaign,
        "fraud_type": suspect.fraud_type,
        "risk": suspect.risk,
        "exposure": suspect.exposure,
        "status": OPEN,
        "as_of": cut.as_of,
    }


def alert_id(scope: str, suspect: Suspect, as_of: int) -> str:
    """Give the id that the same finding at the same cut always has; it tells nothing of the number."""
    content = [scope, suspect.operator, suspect.number, suspect.fraud_type or "", str(as_of)]
    return "A-" + hashlib.sha256("\x00".join(content).encode()).hexdigest()[:20]


def severity_of(suspect: Suspect, verdicts: VerdictSettings) -> Severity:
    """Give CRITICAL from a risk of 95, HIGH when dangerous, MEDIUM in the upper half of suspicious, LOW below.

    Where a module's facts hold, it is at least the severity that the module states.
    """
    floors = ((verdicts.suspicious + verdicts.dangerous) / 2, verdicts.dangerous, CRITICAL_RISK)
    by_risk = int(np.searchsorted(floors, suspect.risk, side="right"))
    stated = _ORDER.index(module_named(suspect.fraud_type).text.severity) if suspect.is_proven else 0
    return _ORDER[max(by_risk, stated)]
