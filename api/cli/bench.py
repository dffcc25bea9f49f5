"""`bench`: how fast every stage is, beside a baseline and beside reading alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.bench_world import LEAST, ground_of
from api.cli.options import CommandError, JsonOption, guarded
from api.cli.output import print_json, print_table, progress_bars, say

if TYPE_CHECKING:
    from api.bench.ground import Ground
    from ingest.progress import Progress

MOST_OF_BASELINE = 10_000_000  # calls


@guarded
def measure_stages(
    calls: Annotated[int, typer.Option(min=LEAST, help="The first so many calls of a simulated month.")] = 1_000_000,
    repeat: Annotated[int, typer.Option(min=1, help="Processes a stage; their median counts.")] = 3,
    baseline_calls: Annotated[
        int | None,
        typer.Option(min=0, help="Calls that the baseline is given; 0: it is left out. [default: --calls, up to 10M]"),
    ] = None,
    baseline_repeat: Annotated[
        int | None, typer.Option(min=1, help="Processes of the baseline. [default: --repeat]")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Also write the JSON object into this file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the speed and memory of every stage on simulated calls (docs/bench.md).

    The world and its home are made in the folder for temporary files (TMPDIR) and removed again.
    """
    from api.bench.measured import BenchError

    beside = _calls_of_baseline(calls, baseline_calls)
    if out and not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}", param_hint="--out")
    try:
        with progress_bars() as progress:
            found = _found(calls, repeat, beside, baseline_repeat or repeat, progress)
    except BenchError as error:
        raise CommandError(str(error)) from error
    if out:
        out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print_json(found)
    else:
        _show(found)


def _calls_of_baseline(calls: int, asked: int | None) -> int:
    beside = min(calls, MOST_OF_BASELINE) if asked is None else asked
    if beside > calls or 0 < beside < LEAST:
        raise typer.BadParameter(
            f"the baseline takes {LEAST} to --calls calls, or 0 for none, not {beside}", param_hint="--baseline-calls"
        )
    return beside


def _found(calls: int, repeat: int, beside: int, baseline_repeat: int, progress: Progress) -> dict[str, Any]:
    from api.bench import baseline, report

    machine, compares = report.machine(repeat), beside > 0 and baseline.is_there()
    with ground_of(calls, progress) as ground:
        with_baseline = compares and beside == calls
        count = report.processes(report.STAGES, repeat) + (baseline_repeat if with_baseline else 0)
        progress.stage("bench", count, "processes")
        if with_baseline:
            stages, same = _beside(ground, report.STAGES, repeat, baseline_repeat, progress)
            return report.report(stages, same, machine)
        stages = report.measured_stages(ground, report.STAGES, repeat, progress)
    if compares:
        with ground_of(beside, progress) as fewer:
            progress.stage("baseline", report.processes(report.NEEDED, repeat) + baseline_repeat, "processes")
            same = _beside(fewer, report.NEEDED, repeat, baseline_repeat, progress)[1]
        return report.report(stages, same, machine)
    why = "left out by --baseline-calls 0" if baseline.is_there() else baseline.ABSENT
    return {**report.report(stages, None, machine), "baseline_absent": why}


def _beside(
    ground: Ground, names: Sequence[str], repeat: int, baseline_repeat: int, progress: Progress
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Measure stages and the baseline in turns; gives the figures of the stages, and the baseline's with `ours`."""
    from api.bench import baseline, report

    with TemporaryDirectory(dir=ground.home.root) as folder:
        other = baseline.Baseline(ground, Path(folder), baseline_repeat, progress)
        stages = report.measured_stages(ground, names, repeat, progress, other.run)
        return stages, {**other.figures(), "ours": report.together(stages)}


def _show(found: Mapping[str, Any]) -> None:
    """Print the figures for a person."""
    columns = ("stage", "seconds", "CPU seconds", "calls/s", "peak MB")
    stages = {"scan alone": found["scan_limit"], **found["stages"]}
    print_table(f"{found['calls']:,} calls", columns, [_row(name, of, found["calls"]) for name, of in stages.items()])
    baseline, to_scan = found["baseline"], found["ratios_to_scan_limit"]
    if baseline:
        title = f"The baseline on {baseline['calls']:,} calls"
        rows = [_row(name, of, baseline["calls"]) for name, of in baseline["stages"].items()]
        print_table(title, columns, rows)
        say(
            f"{len(baseline['equal_features'])} features are equal; the baseline takes {found['ratio_to_baseline']} "
            f"times the CPU seconds and {found['memory_ratio_to_baseline']} times the memory."
        )
    else:
        say(f"No baseline: {found['baseline_absent']}.")
    say(f"Additive features cost {to_scan['additive']} scans, all features {to_scan['features']}.")
    say(f"Load average {_load(found['machine']['load_average'])} before, now {_load(_after(found))}.")


def _row(name: str, of: Mapping[str, float], calls: int) -> tuple[str, ...]:
    rate = f"{calls / of['seconds']:,.0f}"
    return name, f"{of['seconds']:.2f}", f"{of['cpu_seconds']:.2f}", rate, f"{of['peak_rss_mb']:,.0f}"


def _after(found: Mapping[str, Any]) -> tuple[float, ...]:
    return tuple(found["machine"]["load_average_after"])


def _load(averages: tuple[float, ...]) -> str:
    return f"{averages[0]:.1f} (1 min)"
