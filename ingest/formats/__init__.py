"""Readers of CDR formats, one a file, found by name: `read(stream, operator, limits) -> Content`.

A reader raises RejectedError at once for what refuses the file as a whole, and while its chunks are taken for damage
that shows later. It says what the file says, by source name, and leaves it to the mapping what that means.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import IO

from configs import IngestSettings
from ingest.mapping.operators import Operator
from ingest.records.chunk import Content

Reader = Callable[[IO[bytes], Operator, IngestSettings], Content]


def reader(format_: str) -> Reader:
    """Give the reader of a format, one of ingest.mapping.dialects.Format."""
    found: Reader = import_module(f"ingest.formats.{format_}").read
    return found
