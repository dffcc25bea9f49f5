"""TSV: as CSV, with tabs between the fields."""

from __future__ import annotations

from typing import IO

from configs import IngestSettings
from ingest.mapping.operators import Operator
from ingest.records.chunk import Content
from ingest.records.separated import read_separated


def read(stream: IO[bytes], operator: Operator, limits: IngestSettings) -> Content:
    """Read an unpacked TSV file; raises RejectedError now for its header."""
    return read_separated(stream, operator, operator.csv.tabbed, limits)
