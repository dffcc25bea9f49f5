"""`embed`: vectors of numbers by a graph network that learns without labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.job import AsOfOption, WindowOption, request_of, write_table
from api.cli.options import HomeOption, JsonOption, existing_home, guarded
from api.cli.output import print_json, progress_bars, say
from configs import load_settings

if TYPE_CHECKING:
    import pyarrow as pa

    from detectors.embeddings import Made


@guarded
def embed_numbers(
    home: HomeOption,
    window: WindowOption = None,
    as_of: AsOfOption = None,
    train: Annotated[bool, typer.Option("--train", help="Learn anew from this window, whatever was learnt.")] = False,
    model: Annotated[
        str | None, typer.Option("--model", metavar="ID", help="Embed by this model, learnt before.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write a table with the numbers: .csv or .parquet.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Embed the numbers of the window (docs/gnn.md); learns first where no model fits. Needs the extra gnn."""
    from api import pipeline

    if model and train:
        raise typer.BadParameter("a model that is there is not learnt; leave one out", param_hint="--model")
    if out and out.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter(f"{out} must end in .csv or .parquet", param_hint="--out")
    place = existing_home(home)
    with progress_bars() as progress:
        snapshot, made = pipeline.embed(
            place, load_settings(home), request_of(window, as_of), progress, model, anew=train
        )
    if out:
        write_table(_with_numbers(made.embeddings.table, snapshot.numbers), out)
    if as_json:
        print_json({**made.as_json(), "file": str(out) if out else None})
        return
    _tell(made)
    if out:
        say(f"The vectors with their numbers are in {out}")


def _tell(made: Made) -> None:
    said = made.embeddings.manifest
    if made.trained:
        learnt = made.trained.learnt
        say(f"Learnt in {learnt.epochs} epochs, {made.trained.seconds:.0f} s ({learnt.stopped}): model {said['model']}")
    say(f"{said['numbers']:,} numbers as {said['dims']} columns are in {made.embeddings.folder}")


def _with_numbers(vectors: pa.Table, numbers: pa.Table) -> pa.Table:
    for at, name in enumerate(("operator", "number")):
        vectors = vectors.add_column(at, name, numbers[name])
    return vectors
