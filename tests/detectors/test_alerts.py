from __future__ import annotations

from dataclasses import replace

import pytest

from configs import load_settings
from detectors.alerts import Suspect, alert_id, severity_of, within_budget

VERDICTS = load_settings().verdicts
ONE = Suspect(1, "generic", "+91", risk=90.0, exposure=10, fraud_type="wangiri", campaign=None, is_proven=True)


def _suspects(*risk_and_exposure: tuple[float, int]) -> list[Suspect]:
    return [
        replace(ONE, node=at, number=f"+{at}", risk=risk, exposure=reached)
        for at, (risk, reached) in enumerate(risk_and_exposure)
    ]


def test_the_best_by_risk_and_exposure_are_raised_and_the_rest_is_counted() -> None:
    budgeted = within_budget(_suspects((90, 10), (60, 100), (99, 1), (50, 18)), set(), 2)
    assert [s.node for s in budgeted.chosen] == [1, 0]
    assert budgeted.beyond == 2


def test_equal_products_go_by_risk_then_by_node() -> None:
    budgeted = within_budget(_suspects((50, 20), (100, 10), (50, 20)), set(), 3)
    assert [s.node for s in budgeted.chosen] == [1, 0, 2]


def test_what_is_open_from_another_cut_is_neither_raised_nor_charged() -> None:
    suspects = _suspects((90, 10), (80, 10))
    budgeted = within_budget(suspects, {("generic", "+0", "wangiri")}, 1)
    assert [s.node for s in budgeted.chosen] == [1]
    assert budgeted.beyond == 0


def test_an_alert_has_one_id_per_finding_and_cut_and_does_not_show_the_number() -> None:
    assert alert_id("all", ONE, 5) == alert_id("all", replace(ONE, risk=99.0, node=7), 5)
    others = {alert_id("all", ONE, 6), alert_id("all", replace(ONE, fraud_type="robocall"), 5), alert_id("b", ONE, 5)}
    assert len(others | {alert_id("all", ONE, 5)}) == 4


@pytest.mark.parametrize(
    ("risk", "proven", "severity"),
    [(50, False, "LOW"), (67.4, False, "LOW"), (67.5, False, "MEDIUM"), (84, False, "MEDIUM"), (96, True, "CRITICAL")],
)
def test_severity_follows_the_risk(risk: float, proven: bool, severity: str) -> None:
    assert severity_of(replace(ONE, risk=risk, is_proven=proven), VERDICTS) == severity


def test_a_proven_finding_has_at_least_the_severity_of_its_module() -> None:
    assert severity_of(replace(ONE, risk=86, fraud_type="impersonation"), VERDICTS) == "CRITICAL"
    assert severity_of(replace(ONE, risk=86), VERDICTS) == "HIGH"
