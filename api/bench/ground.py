"""What a measured stage works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from configs import Settings
from graph.as_of import default_as_of
from graph.snapshot import Snapshot
from graph.windows import Window
from ingest.home import Home
from ingest.lake.lake import Lake

Told = Callable[[], Mapping[str, Any]]  # asked when the measuring is over
Work = Callable[[], Told]


@dataclass(frozen=True)
class Ground:
    """A home with calls, and what goes with it."""

    home: Home
    settings: Settings
    files: Path  # what `ingest` takes in
    spill: Path

    def window(self) -> Window:
        """Give the window that `ringfence run` looks at: the one before the newest call."""
        return Window.before(default_as_of(Lake(self.home)), self.settings.window)

    def paths(self) -> Sequence[Path]:
        """Give the segments with calls of the window."""
        window = self.window()
        return Lake(self.home).paths(None, window.start, window.end)

    def snapshot(self) -> Snapshot:
        """Give the snapshot that the stage `snapshot` has left."""
        (folder,) = self.home.snapshots.iterdir()
        return Snapshot(folder)


def nothing() -> Mapping[str, Any]:
    """Tell nothing."""
    return {}
