"""What the figures about numbers are when rings and innocent numbers are drawn anew, many times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detectors.evaluation.bootstrap import Interval, interval, ratio
from detectors.evaluation.cells import Cells, cells_of
from detectors.evaluation.judged import Judged
from detectors.evaluation.numbers import PER
from detectors.evaluation.ranking import FIGURES, within_budget
from detectors.evaluation.truth import NONE, Names

FloatArray = npt.NDArray[np.float64]
ALERTS = ("false_alerts_per_10k", "alert_precision", "alert_recall")


@dataclass(frozen=True)
class Resample:
    """The figures of one resample; those by name in the order of their names."""

    ranking: FloatArray  # FIGURES
    curve: FloatArray | None  # precision at RECALLS
    alerts: FloatArray  # ALERTS
    recall: FloatArray  # by fraud type, dangerous
    alerted_share: FloatArray  # by fraud type, at the operating point
    look_alikes: FloatArray  # by kind, at the operating point


@dataclass(frozen=True)
class Resamples:
    """What the figures are with many resamples, one row a resample."""

    ranking: FloatArray
    curves: FloatArray  # no rows where nothing can be ranked
    alerts: FloatArray
    recall: FloatArray
    alerted_share: FloatArray
    look_alikes: FloatArray

    def of_numbers(self) -> dict[str, Interval]:
        """Give the intervals of `numbers`."""
        columns = [*self.ranking.T, *self.alerts.T]
        return {name: interval(column) for name, column in zip((*FIGURES, *ALERTS), columns, strict=True)}


def resampled(judged: Judged) -> Resamples:
    """Draw rings and innocent numbers anew, many times, and count again."""
    cells = cells_of(judged)
    draws = [_counted(cells, weight, judged.budget) for weight in cells.resamples()]
    curves = [draw.curve for draw in draws if draw.curve is not None]
    stacked = {
        name: np.stack([getattr(draw, name) for draw in draws])
        for name in ("ranking", "alerts", "recall", "alerted_share", "look_alikes")
    }
    return Resamples(curves=np.stack(curves) if curves else np.empty((0, 0)), **stacked)


def _counted(cells: Cells, weight: FloatArray, budget: int) -> Resample:
    alerted = within_budget(cells.order, weight, budget)
    ranking = cells.levels.ranking(weight[cells.known]) if cells.levels else None
    return Resample(
        ranking=ranking.figures() if ranking else np.full(len(FIGURES), np.nan),
        curve=ranking.curve() if ranking else None,
        alerts=_alert_figures(cells, alerted, weight),
        recall=_by_name(cells.fraud_type, weight * cells.dangerous, weight),
        alerted_share=_by_name(cells.fraud_type, alerted, weight),
        look_alikes=_by_name(cells.look_alike, alerted, weight),
    )


def _alert_figures(cells: Cells, alerted: FloatArray, weight: FloatArray) -> FloatArray:
    caught, false = alerted[cells.fraud].sum(), alerted[cells.innocent].sum()
    part = np.array([PER * false, caught, caught])
    return ratio(part, np.array([weight[cells.innocent].sum(), caught + false, weight[cells.fraud].sum()]))


def _by_name(names: Names, part: FloatArray, whole: FloatArray) -> FloatArray:
    """Give part / whole of the nodes of each name, NaN where there is none."""
    named = names.of != NONE
    sums = [np.bincount(names.of[named], weights=of[named], minlength=len(names.names)) for of in (part, whole)]
    return ratio(sums[0].astype(np.float64), sums[1].astype(np.float64))
