"""Embeddings beside the scores: made where they help or are asked for. No score reads them.

Measured on planted truth they did not help the detectors that work without labels (docs/gnn.md), so `auto` makes none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from configs import GnnSettings
from gnn.embeddings import Embeddings
from gnn.extra import require
from graph.snapshot import Snapshot
from ingest.home import Home
from ingest.progress import Progress

if TYPE_CHECKING:
    from gnn.train import Trained

NOT_USED = {
    "auto": "not used: they did not help to find planted fraud without labels (docs/gnn.md); set gnn.enabled: on",
    "off": "not used: gnn.enabled is off",
}
WHAT_IF = "not used: a what-if writes nothing"


@dataclass(frozen=True)
class Made:
    """Embeddings of a snapshot, and the learning that it took, if any."""

    embeddings: Embeddings
    trained: Trained | None

    @property
    def said(self) -> str:
        """What a run says of them."""
        made = self.embeddings.manifest
        return f"{made['dims']} columns by model {made['model']}; no score reads them"

    def as_json(self) -> dict[str, Any]:
        """Give what was made as JSON values."""
        said = {name: self.embeddings.manifest[name] for name in ("snapshot", "model", "numbers", "dims", "device")}
        return {**said, "folder": str(self.embeddings.folder), "trained": self.trained and self.trained.as_json()}


def make(
    home: Home,
    snapshot: Snapshot,
    settings: GnnSettings,
    progress: Progress,
    model: str | None = None,
    *,
    anew: bool = False,
) -> Made:
    """Embed a snapshot by `model`, else by the newest one that fits, else (or `anew`) by one learnt from it.

    The caller holds the home's write lock. Raises GnnMissingError without the extra, CheckpointError where `model` is
    not there or does not fit, NothingToLearnError where nobody calls anybody.
    """
    require()
    # imported here: torch takes seconds to load, and everything else works without it
    from gnn import kept  # noqa: PLC0415  # an extra: loaded when embeddings are made
    from gnn.checkpoint import newest_fitting  # noqa: PLC0415  # an extra
    from gnn.train import train  # noqa: PLC0415  # an extra

    chosen = kept.find(home, model) if model else None
    if chosen is None and not anew:
        chosen = newest_fitting(home.models, snapshot, settings)
    if chosen is not None:
        return Made(kept.embedded(home, snapshot, chosen), None)
    trained = train(snapshot, settings, progress)
    kept.keep(home, trained.checkpoint)
    return Made(kept.embedded(home, snapshot, trained.checkpoint), trained)
