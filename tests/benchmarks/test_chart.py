"""The chart and the tables of docs/bench.md from the figures of several runs."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.benchmarks.chart import BEGIN, END, chart, filled, sizes, stages
from tests.repository import ROOT


def run(calls: int, cpu: float, *, baseline: bool = True) -> dict[str, Any]:
    """Give a run whose three compared stages take `cpu` seconds each."""
    figures = {"seconds": cpu, "cpu_seconds": cpu, "peak_rss_mb": 500.0}
    beside = {"calls": calls, "seconds": 30 * cpu, "cpu_seconds": 30 * cpu, "peak_rss_mb": 2000.0}
    return {
        "calls": calls,
        "stages": dict.fromkeys(("same", "communities", "forest"), figures),
        "scan_limit": {"seconds": 0.1, "cpu_seconds": 0.1, "peak_rss_mb": 90.0},
        "baseline": beside if baseline else None,
        "ratio_to_baseline": 10.0 if baseline else None,
        "ratios_to_scan_limit": {"additive": 3.0, "features": 9.0},
        "machine": {"cores": 2, "load_average": [0.5, 0, 0], "load_average_after": [1.5, 0, 0]},
    }


def test_a_row_says_how_cpu_grows_with_calls() -> None:
    table = sizes([run(1_000_000, 1.0), run(10_000_000, 20.0, baseline=False)]).splitlines()
    assert table[2].split(" | ")[4:10] == ["3.0", "30.0", "10.0×", "500", "2,000", "–"]
    assert table[3].split(" | ")[4:] == ["60.0", "–", "–", "500", "–", "n^1.30", "2", "0.5, 1.5 |"]
    assert {line.count("|") for line in table} == {13}


def test_every_stage_has_a_row_with_figures_of_every_size() -> None:
    table = stages([run(1_000, 1.0), run(10_000, 2.0)]).splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == [
        "| reading alone",
        "| same",
        "| communities",
        "| forest",
    ]
    assert table[3] == "| same | 1.00 | 1.00 | 500 | 2.00 | 2.00 | 500 |"


def test_the_chart_has_a_line_for_each_where_there_are_figures() -> None:
    both = ElementTree.fromstring(chart([run(1_000, 1.0), run(10_000, 2.0)]))
    lines = both.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 6
    places = [point.split(",") for line in lines for point in str(line.get("points")).split()]
    assert all(0 <= float(x) <= 760 and 0 <= float(y) <= 300 for x, y in places)
    alone = ElementTree.fromstring(chart([run(1_000, 1.0, baseline=False)]))
    assert len(alone.findall("{http://www.w3.org/2000/svg}polyline")) == 4


def test_the_page_has_the_places_that_are_filled() -> None:
    page = (ROOT / "docs" / "bench.md").read_text(encoding="utf-8")
    new = filled(page, {"sizes": "| one |", "stages": "| two |"})
    for name, part in (("sizes", "| one |"), ("stages", "| two |")):
        assert f"{BEGIN.format(name)}\n{part}\n{END.format(name)}" in new
    assert filled(new, {"sizes": "| one |"}) == new
    with pytest.raises(ValueError, match="unpack"):
        filled(page, {"nothing": ""})
