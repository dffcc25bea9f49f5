"""What any engine offers that computes the tables of a window: Ibis expressions over named tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import ibis.expr.types as ir
import pyarrow as pa


class EngineError(RuntimeError):
    """An engine cannot be had or cannot compute; the message says what to do, and quotes no rows."""


class QueryEngine(Protocol):
    """Runs expressions on unbound tables; every engine gives the same values for the same expression."""

    @property
    def scratch(self) -> Path:
        """A folder that all parts of the engine read, and that goes with it."""
        ...

    def scan(self, name: str, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        """Give Parquet files of one `schema` as a table; folder names are never read as columns."""
        ...

    def give(self, name: str, table: pa.Table) -> ir.Table:
        """Give an Arrow table a name here."""
        ...

    def save(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute `expression` once and keep its rows under `name`."""
        ...

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Compute `expression`; the types are those it promises."""
        ...
