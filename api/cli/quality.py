"""`evaluate`: the current run beside the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.options import CommandError, HomeOption, JsonOption, existing_home, guarded
from api.cli.output import print_json, print_table, say
from configs import load_settings
from graph.windows import iso


@guarded
def evaluate_run(
    truth: Annotated[Path, typer.Option("--truth", help="Folder with truth_numbers.csv and truth_campaigns.csv.")],
    home: HomeOption,
    as_json: JsonOption = False,
) -> None:
    """Measure the run in front against ground truth, as `ringfence simulate` writes it."""
    from api import pipeline
    from detectors.evaluation import evaluate
    from detectors.results import Results
    from graph.snapshot import Snapshot

    place = existing_home(home)
    row = pipeline.current(place)
    if row is None:
        raise CommandError("there is no run to measure; start with `ringfence run PATH…`")
    snapshot, results = Snapshot(place.snapshots / row.snapshot_id), Results(place.results / row.run_id)
    quality = evaluate(truth, snapshot, results, load_settings(home))
    if as_json:
        print_json(quality)
        return
    window = f"{iso(row.window_start)} .. {iso(row.window_end)}"
    for section, figures in quality.items():
        print_table(f"{section} ({window})", ("figure", "value"), _lines(figures))
    say("docs/evaluation.md says how each figure is counted.")


def _lines(figures: Any, prefix: str = "") -> list[tuple[str, object]]:
    if not isinstance(figures, dict):
        return [(prefix, figures)]
    return [line for key, value in figures.items() for line in _lines(value, f"{prefix}.{key}".lstrip("."))]
