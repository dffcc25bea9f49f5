"""`evaluate`: the current run beside the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.forward import ProtocolOption, ProtocolSeedOption, TrainUntilOption, cut_of, forward
from api.cli.options import CommandError, HomeOption, JsonOption, existing_home, guarded
from api.cli.output import print_json, print_table, say
from configs import load_settings
from graph.windows import iso


@guarded
def evaluate_run(
    truth: Annotated[Path, typer.Option("--truth", help="Folder with truth_numbers.csv and truth_events.csv.")],
    home: HomeOption,
    report: Annotated[
        Path | None, typer.Option("--report", help="Also write a page with plots, FILE.html; it needs nothing else.")
    ] = None,
    train_until: TrainUntilOption = None,
    protocol: ProtocolOption = None,
    seed: ProtocolSeedOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the run in front against ground truth, as `ringfence simulate` writes it."""
    from api import pipeline
    from detectors.evaluation import figures, lay_beside, read_history, report_page, resampled
    from detectors.results import Results
    from graph.snapshot import Snapshot

    place, cut = existing_home(home), cut_of(protocol, train_until, seed)
    row = pipeline.current(place)
    if row is None:
        raise CommandError("there is no run to measure; start with `ringfence run PATH…`")
    snapshot, results = Snapshot(place.snapshots / row.snapshot_id), Results(place.results / row.run_id)
    judged = lay_beside(truth, snapshot, results, load_settings(home), read_history(place, row.scope))
    draws = resampled(judged)
    quality = figures(judged, draws)
    if report:
        report.write_text(report_page(judged, quality, draws), encoding="utf-8")
    if cut is not None:
        quality = {**quality, "protocol": forward(place, truth, snapshot, cut, seed)}
    if as_json:
        print_json(quality)
        return
    _print_tables(quality, f"{iso(row.window_start)} .. {iso(row.window_end)}")
    if report:
        say(f"The page with plots is {report}.")
    say("docs/evaluation.md says how each figure is counted.")


def _print_tables(quality: Mapping[str, Any], window: str) -> None:
    intervals = quality["intervals"]
    for section, figures in quality.items():
        if section != "intervals":
            ends = dict(_lines(intervals.get(section)))
            rows = [(name, value, _span(ends.get(name))) for name, value in _lines(figures)]
            print_table(f"{section} ({window})", ("figure", "value", "95 % interval"), rows)


def _span(ends: object) -> str:
    return f"{ends[0]:.4g} .. {ends[1]:.4g}" if isinstance(ends, list) else ""


def _lines(figures: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Give every figure by its dotted name; of a list of rows each is a line."""
    if isinstance(figures, dict):
        for key, value in figures.items():
            yield from _lines(value, f"{prefix}.{key}".lstrip("."))
    elif isinstance(figures, list) and figures and isinstance(figures[0], dict):
        yield from ((prefix, ", ".join(f"{name} {value}" for name, value in row.items())) for row in figures)
    else:
        yield prefix, figures
