"""What a sample is written in: one of the formats, as a table."""

from __future__ import annotations

from ingest.deliveries.kinds import Naming
from ingest.guessing import elements, objects, parquet, widths
from ingest.guessing.guess import GuessError, Wishes
from ingest.guessing.head import BOM, Head
from ingest.guessing.separated import read_separated
from ingest.guessing.table import SampleTable


def read_table(head: Head, wishes: Wishes) -> SampleTable:
    """Give a sample as a table; raises GuessError where it is in no known format, or in another than its name says."""
    table = _read(head, wishes)
    named = Naming(fixed=table.format == "fixed").kind(head.path.name).format
    if named is not None and named != table.format:
        raise GuessError(
            f"the file is named as {named} but holds {table.format}; rename it, as `ingest` goes by the name"
        )
    return table


def _read(head: Head, wishes: Wishes) -> SampleTable:
    begin = head.data.removeprefix(BOM).lstrip()[:4]
    if begin == b"PAR1":
        return parquet.read_parquet(head)
    if begin.startswith(b"<"):
        return elements.read_elements(head)
    if begin.startswith((b"{", b"[")):
        return objects.read_objects(head)
    table = None if head.suffix in (".fix", ".fwf") else read_separated(head, wishes)
    table = table or widths.read_widths(head, wishes)
    if table is None:
        raise GuessError(
            "no delimiter cuts the lines of the sample into the same number of fields, four at least, and columns of "
            "fixed width are not clear; name it with --delimiter, or write the mapping by hand"
        )
    return table


def says_format(head: Head) -> bool:
    """Whether a file's name says what it holds, so that the mapping need not."""
    return Naming().kind(head.path.name).format is not None
