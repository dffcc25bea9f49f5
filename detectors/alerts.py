"""Which numbers people are asked to look at: the best by risk × exposure within the budget; the rest is counted.

The budget is of a day: all cuts on one UTC day together raise at most `alerts.per_day` alerts, however many they are.
What is open from another cut is not raised again; a run repeated at the same cut raises nothing new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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
from detectors.work import OPEN, Finding, Raised, Row, raised_alerts
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

    @property
    def finding(self) -> Finding:
        """What an alert says of whom: the same finding is not raised twice while it is open."""
        return self.operator, self.number, self.fraud_type


@dataclass(frozen=True)
class Alerts:
    """What a run asks people to look at."""

    rows: Sequence[Row]  # new ones
    within_budget: int  # the new ones, and those that an earlier run at this cut raised already
    beyond: int  # counted only


@dataclass(frozen=True)
class Budgeted:
    """What becomes of the suspects."""

    chosen: Sequence[Suspect]  # to be raised, best first
    raised_here: int  # raised already by an earlier run at this cut
    beyond: int  # beyond the budget


def raise_alerts(cut: Cut, verdicts: Verdicts, evidence: pa.Table, campaigns: Sequence[Campaign]) -> Alerts:
    """Choose and word the alerts of a cut."""
    settings = cut.settings
    raised = raised_alerts(cut.home, cut.scope, cut.as_of)
    suspects = _suspects(cut.snapshot, verdicts, settings.verdicts.suspicious)
    budgeted = within_budget(suspects, raised, settings.alerts.per_day)
    texts = AlertTexts(evidence, campaigns)
    rows = [alert_row(cut, suspect, texts) for suspect in budgeted.chosen]
    return Alerts(rows, len(rows) + budgeted.raised_here, budgeted.beyond)


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


def within_budget(suspects: Sequence[Suspect], raised: Raised, per_day: int) -> Budgeted:
    """Choose the best new ones by risk × exposure; ties go to the higher risk, then to the smaller node.

    Everything raised at cuts of the same UTC day is charged first, this cut's own alerts included.
    """
    told = raised.here | raised.elsewhere
    new = [s for s in suspects if s.finding not in told]
    best = sorted(new, key=lambda s: (-s.risk * s.exposure, -s.risk, s.node))
    room = max(0, per_day - raised.that_day)
    return Budgeted(best[:room], sum(s.finding in raised.here for s in suspects), max(0, len(best) - room))


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
    """Give CRITICAL from 95 if dangerous, HIGH when dangerous, MEDIUM in the upper half of suspicious, LOW below.

    Where a module's facts hold, it is at least the severity that the module states.
    """
    critical = max(CRITICAL_RISK, verdicts.dangerous)
    floors = ((verdicts.suspicious + verdicts.dangerous) / 2, verdicts.dangerous, critical)
    by_risk = int(np.searchsorted(floors, suspect.risk, side="right"))
    stated = _ORDER.index(module_named(suspect.fraud_type).text.severity) if suspect.is_proven else 0
    return _ORDER[max(by_risk, stated)]
