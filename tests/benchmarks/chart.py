"""The chart and the table of docs/bench.md, from what `ringfence bench --json --out FILE` wrote for several sizes.

    python -m tests.benchmarks.chart FILE… [--docs DIR]

Writes DIR/bench.svg and the parts of DIR/bench.md between its markers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from tests.repository import ROOT

BEGIN, END = "<!-- generated: {} -->", "<!-- end: {} -->"
LINES = {"ours": "#2457a6", "baseline": "#b3541e", "scan": "#6b7280"}
NAMES = {"ours": "ringfence", "baseline": "pandas + networkx + scikit-learn", "scan": "reading alone"}
COMMON = ("same", "communities", "forest")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 380.0, 300.0, 62.0, 16.0, 34.0, 44.0
Run = Mapping[str, Any]
Points = Sequence[tuple[float, float]]


def main() -> None:
    """Draw, and put the tables into their page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    asked = parser.parse_args()
    runs = sorted((json.loads(path.read_text(encoding="utf-8")) for path in asked.files), key=lambda run: run["calls"])
    (asked.docs / "bench.svg").write_text(chart(runs), encoding="utf-8")
    page = asked.docs / "bench.md"
    parts = {"sizes": sizes(runs), "stages": stages(runs)}
    page.write_text(filled(page.read_text(encoding="utf-8"), parts), encoding="utf-8")


def filled(text: str, parts: Mapping[str, str]) -> str:
    """Give a page with its generated parts replaced; raises ValueError where a marker is not there."""
    for name, part in parts.items():
        before, rest = text.split(BEGIN.format(name))
        _, after = rest.split(END.format(name))
        text = f"{before}{BEGIN.format(name)}\n{part}\n{END.format(name)}{after}"
    return text


def sizes(runs: Sequence[Run]) -> str:
    """Give a table with a row a size: what both do, beside each other, and how it grows."""
    head = (
        *("calls", "reading alone: CPU s", "additive", "all features", "ours: CPU s", "baseline: CPU s"),
        *("baseline / ours", "ours: MB", "baseline: MB", "grows as", "cores", "load before, after"),
    )
    growth = ["–", *(_exponent(one, other) for one, other in pairwise(runs))]
    return _table(head, [_size(run, grows) for run, grows in zip(runs, growth, strict=True)])


def stages(runs: Sequence[Run]) -> str:
    """Give a table with a row a stage: CPU seconds and memory at each size."""
    head = ("stage", *(f"{run['calls']:,}: {what}" for run in runs for what in ("CPU s", "s", "MB")))
    ours = [(name, [run["stages"][name] for run in runs]) for name in runs[0]["stages"]]
    rows = [("reading alone", [run["scan_limit"] for run in runs]), *ours]
    return _table(head, [(name, *(text for of in figures for text in _figures(of))) for name, figures in rows])


def chart(runs: Sequence[Run]) -> str:
    """Give an SVG with CPU seconds and memory over calls, both on logarithmic scales."""
    plots = (
        _plot("CPU seconds", _series(runs, "cpu_seconds"), 0.0),
        _plot("peak MB", _series(runs, "peak_rss_mb"), WIDTH),
    )
    names = [
        f'<rect x="{LEFT + 240 * at:g}" y="{HEIGHT + 4:g}" width="12" height="4" fill="{colour}"/>'
        f'<text x="{LEFT + 240 * at + 18:g}" y="{HEIGHT + 10:g}">{NAMES[line]}</text>'
        for at, (line, colour) in enumerate(LINES.items())
    ]
    size = f"{2 * WIDTH:g} {HEIGHT + 20:g}"
    about = "CPU seconds and memory of ringfence, the baseline and reading alone over calls"
    style = "text{font:11px sans-serif;fill:#374151}.grid{stroke:#e5e7eb}polyline{fill:none;stroke-width:2}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" aria-label="{about}">'
        f'<style>{style}</style><rect width="100%" height="100%" fill="#ffffff"/>{"".join((*plots, *names))}</svg>\n'
    )


def _series(runs: Sequence[Run], figure: str) -> dict[str, Points]:
    compared = [run["baseline"] for run in runs if run["baseline"]]
    return {
        "ours": [(run["calls"], _together(run, figure)) for run in runs],
        "baseline": [(of["calls"], of[figure]) for of in compared],
        "scan": [(run["calls"], run["scan_limit"][figure]) for run in runs],
    }


def _together(run: Run, figure: str) -> float:
    figures = [run["stages"][name][figure] for name in COMMON]
    return float(max(figures) if figure == "peak_rss_mb" else sum(figures))


def _plot(title: str, series: Mapping[str, Points], left: float) -> str:
    x = _decades([x for points in series.values() for x, _ in points])
    y = _decades([y for points in series.values() for _, y in points])

    def at(point: tuple[float, float]) -> tuple[float, float]:
        across, up = ((log10(of) - span[0]) / (span[1] - span[0]) for of, span in zip(point, (x, y), strict=True))
        return left + LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    lines = [_line(LINES[name], [at(point) for point in points]) for name, points in series.items() if points]
    grid = [*(_across(at, 10.0**power, x) for power in range(y[0], y[1] + 1))]
    grid += [_upward(at, 10.0**power, y) for power in range(x[0], x[1] + 1)]
    middle = left + LEFT + (WIDTH - LEFT - RIGHT) / 2
    names = f'<text x="{left + LEFT:g}" y="18">{title}</text><text x="{middle:g}" y="{HEIGHT - 10:g}">calls</text>'
    return "".join((*grid, *lines, names))


def _line(colour: str, places: Points) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
    return f'<polyline points="{path}" stroke="{colour}"/>{dots}'


def _across(at: Any, value: float, x: tuple[int, int]) -> str:
    (x1, y1), (x2, _) = at((10.0 ** x[0], value)), at((10.0 ** x[1], value))
    rule = f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y1:.1f}" class="grid"/>'
    return f'{rule}<text x="{x1 - 6:.1f}" y="{y1 + 4:.1f}" text-anchor="end">{value:,g}</text>'


def _upward(at: Any, value: float, y: tuple[int, int]) -> str:
    (x1, y1), (_, y2) = at((value, 10.0 ** y[0])), at((value, 10.0 ** y[1]))
    rule = f'<line x1="{x1:.1f}" x2="{x1:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" class="grid"/>'
    return f'{rule}<text x="{x1:.1f}" y="{y1 + 16:.1f}" text-anchor="middle">{_short(value)}</text>'


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _short(calls: float) -> str:
    return f"{calls / 1e6:g}M" if calls >= 1e6 else f"{calls / 1e3:g}k"


def _exponent(one: Run, other: Run) -> str:
    """Give n^e of the CPU seconds of what both do, from one size to the next."""
    cpu = _together(other, "cpu_seconds") / _together(one, "cpu_seconds")
    return f"n^{log10(cpu) / log10(other['calls'] / one['calls']):.2f}"


def _size(run: Run, grows: str) -> Iterator[str]:
    beside, to_scan, machine = run["baseline"], run["ratios_to_scan_limit"], run["machine"]
    yield f"{run['calls']:,}"
    yield f"{run['scan_limit']['cpu_seconds']:.2f}"
    yield from (f"{to_scan[name]:.1f}×" for name in ("additive", "features"))
    yield f"{_together(run, 'cpu_seconds'):.1f}"
    yield f"{beside['cpu_seconds']:.1f}{_of(beside, run)}" if beside else "–"
    yield f"{run['ratio_to_baseline']:.1f}×" if beside else "–"
    yield f"{_together(run, 'peak_rss_mb'):,.0f}"
    yield f"{beside['peak_rss_mb']:,.0f}" if beside else "–"
    yield grows
    yield str(machine["cores"])
    yield f"{machine['load_average'][0]:.1f}, {machine['load_average_after'][0]:.1f}"


def _of(beside: Run, run: Run) -> str:
    return "" if beside["calls"] == run["calls"] else f" ({beside['calls']:,} calls)"


def _figures(of: Mapping[str, float]) -> tuple[str, ...]:
    return f"{of['cpu_seconds']:.2f}", f"{of['seconds']:.2f}", f"{of['peak_rss_mb']:,.0f}"


def _table(head: Sequence[str], rows: Sequence[Any]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
