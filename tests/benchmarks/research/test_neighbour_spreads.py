from __future__ import annotations

import numpy as np
import pytest

from detectors.neighbour_means import links
from tests.benchmarks.research.neighbour_spreads import neighbour_spreads

TIED = links(5, np.array([0, 0, 1]), np.array([1, 2, 3]))


def test_the_deviation_of_the_neighbours_logs() -> None:
    found = neighbour_spreads({"calls": np.array([9.0, 5.0, 20.0, 1.0, 7.0])}, TIED, ["calls"])
    (values,) = found.values()
    assert list(found) == ["neighbours_calls_spread"]
    assert values[0] == pytest.approx(np.std(np.log1p([5, 20])))
    assert values[1] == pytest.approx(np.std(np.log1p([9, 1])))


def test_one_neighbour_or_none_has_no_spread() -> None:
    (values,) = neighbour_spreads({"calls": np.array([9.0, 5.0, 20.0, 1.0, 7.0])}, TIED, ["calls"]).values()
    np.testing.assert_allclose(values[2:], 0.0)


def test_a_neighbour_without_a_value_differs_from_one_with() -> None:
    (values,) = neighbour_spreads({"calls": np.array([9.0, np.nan, 20.0, 1.0, 7.0])}, TIED, ["calls"]).values()
    assert values[0] == pytest.approx(np.log1p(20) / 2)
