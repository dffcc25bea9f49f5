"""`evaluate --protocol time-forward-ring-disjoint`: a detector that learns labels, beside the product's own scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli.output import progress_bars
from configs import load_settings
from graph.windows import DAY, parse_instant
from ingest.home import Home

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

ProtocolOption = Annotated[
    Literal["time-forward-ring-disjoint"] | None,
    typer.Option(
        "--protocol", help="Also learn on half of the rings up to a day, and judge later days and the others."
    ),
]
TrainUntilOption = Annotated[
    str | None,
    typer.Option(
        "--train-until",
        metavar="DAY",
        help="Last day (ISO 8601, UTC) that is learnt from, or an instant; for --protocol.",
    ),
]
ProtocolSeedOption = Annotated[
    int | None, typer.Option("--seed", help="Which half of the rings is learnt from, with --train-until; default 1.")
]
SEED = 1


def cut_of(protocol: str | None, train_until: str | None, seed: int | None) -> int | None:
    """Give the instant (µs) up to which is learnt, None without a protocol; a day is learnt from to its end.

    `--train-until` alone means the only protocol. Raises BadParameter, TimeError.
    """
    if train_until is None:
        if seed is not None:
            raise typer.BadParameter("it draws what is learnt from; give --train-until too", param_hint="--seed")
        if protocol:
            raise typer.BadParameter("name the last day to learn from, as 2026-05-05", param_hint="--train-until")
        return None
    is_day = not set(train_until) & {"T", " "}
    return parse_instant(train_until) + (DAY if is_day else 0)


def forward(place: Home, truth: Path, front: Snapshot, cut: int, seed: int | None) -> dict[str, Any]:
    """Give the section `protocol`, about the calls that the run in front is about; the home is held meanwhile."""
    from api.two_cuts import two_cuts
    from detectors.evaluation.protocol import forward_figures, windows_around

    settings = load_settings(place.root)
    early, late = windows_around(cut, front)
    with progress_bars() as progress, two_cuts(place, settings, early, late, progress) as cuts:
        return forward_figures(truth, cuts.early, cuts.late, cuts.results, SEED if seed is None else seed)
