"""What runs wrote into the work database, as far as it counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True)
class Work:
    """The work database as one scope sees it: rows count only when a committed run wrote them."""

    engine: Engine
    scope: str
    committed: Sequence[str]
    hidden: Collection[str] = ()  # numbers that are not shown
