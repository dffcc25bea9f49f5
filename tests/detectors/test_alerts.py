from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from configs import load_settings
from detectors.alerts import Suspect, alert_id, severity_of, within_budget
from detectors.work import Finding, Raised

VERDICTS = load_settings().verdicts
ONE = Suspect(1, "generic", "+91", risk=90.0, exposure=10, fraud_type="wangiri", campaign=None, is_proven=True)


def _findings(numbers: Sequence[str]) -> frozenset[Finding]:
    return frozenset(("generic", number, "wangiri") for number in numbers)


def _raised(here: Sequence[str] = (), elsewhere: Sequence[str] = (), that_day: int = 0) -> Raised:
    return Raised(_findings(here), _findings(elsewhere), that_day)


NOTHING = _raised()


def _suspects(*risk_and_exposure: tuple[float, int]) -> list[Suspect]:
    return [
        replace(ONE, node=at, number=f"+{at}", risk=risk, exposure=reached)
        for at, (risk, reached) in enumerate(risk_and_exposure)
    ]


def test_the_best_by_risk_and_exposure_are_raised_and_the_rest_is_counted() -> None:
    budgeted = within_budget(_suspects((90, 10), (60, 100), (99, 1), (50, 18)), NOTHING, 2)
    assert [s.node for s in budgeted.chosen] == [1, 0]
    assert budgeted.beyond == 2


def test_equal_products_go_by_risk_then_by_node() -> None:
    budgeted = within_budget(_suspects((50, 20), (100, 10), (50, 20)), NOTHING, 3)
    assert [s.node for s in budgeted.chosen] == [1, 0, 2]


def test_what_is_open_from_another_day_is_neither_raised_nor_charged() -> None:
    suspects = _suspects((90, 10), (80, 10))
    budgeted = within_budget(suspects, _raised(elsewhere=["+0"]), 1)
    assert [s.node for s in budgeted.chosen] == [1]
    assert budgeted.beyond == 0


def test_what_was_raised_on_the_same_day_is_charged() -> None:
    budgeted = within_budget(_suspects((90, 10), (80, 10), (70, 10)), _raised(that_day=3), 5)
    assert ([s.node for s in budgeted.chosen], budgeted.beyond) == ([0, 1], 1)
    spent = within_budget(_suspects((90, 10)), _raised(that_day=7), 5)
    assert (list(spent.chosen), spent.beyond) == ([], 1)


def test_a_cut_that_raised_its_alerts_raises_none_again_and_counts_as_before() -> None:
    suspects = _suspects((90, 10), (80, 10), (70, 10))
    first = within_budget(suspects, NOTHING, 2)
    again = within_budget(suspects, _raised(here=["+0", "+1"], that_day=2), 2)
    assert (list(again.chosen), again.raised_here, again.beyond) == ([], len(first.chosen), first.beyond)


def test_a_critical_risk_is_a_dangerous_one() -> None:
    high = VERDICTS.model_copy(update={"dangerous": 97.0})
    found = [severity_of(replace(ONE, risk=risk, is_proven=False), high) for risk in (96.0, 97.0)]
    assert found == ["MEDIUM", "CRITICAL"]


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
