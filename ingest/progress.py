"""How long work tells what it is doing, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears of stages and of what is done in them."""

    def stage(self, name: str, total: int | None, unit: str) -> None:
        """A stage begins; `total` is in `unit`s, None where it is not known beforehand."""

    def advance(self, n: int) -> None:
        """`n` more units of the stage are done."""

    def note(self, text: str) -> None:
        """Something a person should read."""


class Silent:
    """Progress that nobody hears."""

    def stage(self, name: str, total: int | None, unit: str) -> None:
        """Hear nothing."""

    def advance(self, n: int) -> None:
        """Hear nothing."""

    def note(self, text: str) -> None:
        """Hear nothing."""
