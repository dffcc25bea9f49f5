"""`simulate --report`: how hard a world is, as a table and as report.json beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from api.cli.options import CommandError
from api.cli.output import print_json, print_table, progress_bars, say

METHODS = {
    "tree": "tree of depth 3",
    "tree_balanced": "tree of depth 3, classes balanced",
    "isolation_forest": "Isolation Forest",
}


def report_world(out: Path) -> dict[str, Any]:
    """Measure the world in a folder and keep report.json beside it; gives the report."""
    from detectors.evaluation.difficulty import measure, write_report

    with progress_bars() as progress:
        report = measure(out, progress)
    write_report(out, report)
    return report


def report_standing(out: Path, context: typer.Context, as_json: bool) -> None:
    """Measure and tell of a world that was made before; no other may have been asked for."""
    _must_be_the_same(out, context)
    report = report_world(out)
    if as_json:
        print_json({"out": str(out), "report": report})
    else:
        show_report(out, report)


def stands(out: Path) -> bool:
    """Whether a folder holds a whole world."""
    return (out / "world.json").is_file()


def show_report(out: Path, report: Mapping[str, Any]) -> None:
    """Print a report for a person."""
    rows = [(title, *_figures(report[key])) for key, title in METHODS.items()]
    title = f"What simple methods find in {out} (mean, least .. largest of several draws)"
    print_table(title, ("method", "ROC AUC", "AP", "AP at a share of 5 %"), rows)
    print_table("Louvain on all calls, over ring members", ("figure", "value"), _louvain(report["louvain"]))
    print_table("Who lives there", ("what", "value"), _lines(report["population"]))
    flagged = _lines(report["false_alerts"])
    print_table("The tree at as many alerts as there is fraud", ("figure", "value (0..1)"), flagged)
    say(f"{out / 'report.json'} has all figures; docs/difficulty.md says what they mean.")


def _must_be_the_same(out: Path, context: typer.Context) -> None:
    """Refuse to report a world that is not the one of the options that were typed."""
    made = json.loads((out / "world.json").read_text(encoding="utf-8"))["settings"]
    for name, value in context.params.items():
        key = "format" if name == "file_format" else name
        source = context.get_parameter_source(name)
        if source and source.name == "COMMANDLINE" and key in made and made[key] != value:
            raise CommandError(
                f"the world in {out} was made with {key} {made[key]}, not {value}; "
                f"leave the option out to report that world, or name a new folder"
            )


def _figures(method: Mapping[str, Any]) -> list[str]:
    if "not_measured" in method:
        return [f"not measured: {method['not_measured']}"]
    return [_spread(method[name]) for name in ("auc", "ap", "ap_at_5pct")]


def _louvain(section: Mapping[str, Any]) -> list[tuple[str, object]]:
    return [(name, _spread(value) if isinstance(value, dict) else value) for name, value in section.items()]


def _spread(figure: Mapping[str, float]) -> str:
    return f"{figure['mean']:.3f} ({figure['min']:.3f} .. {figure['max']:.3f})"


def _lines(figures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
