"""Local time by arithmetic: the spans in which a zone's offset from UTC does not change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from graph.windows import Window
from ingest.values.zones import Zone, load_zone

OFFSETS = pa.schema(
    [
        pa.field("zone", pa.string(), False),
        pa.field("since", pa.int64(), False),  # µs UTC, inclusive
        pa.field("until", pa.int64(), False),  # µs UTC, exclusive
        pa.field("offset", pa.int64(), False),  # µs; local = UTC + offset
    ]
)


def offset_spans(zones: Sequence[str], window: Window) -> pa.Table:
    """Give OFFSETS that cover `window` for every zone without gap or overlap, exact to the second."""
    rows = [(zone, *span) for zone in sorted(set(zones)) for span in _spans(load_zone(zone), window)]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    return pa.table(columns, schema=OFFSETS)


def _spans(zone: Zone, window: Window) -> Iterator[tuple[int, int, int]]:
    within = zone.changes[(zone.changes > window.start) & (zone.changes < window.end)]
    edges = np.concatenate(([window.start], within, [window.end]))
    offsets = zone.offset_at(edges[:-1])
    yield from zip(edges[:-1].tolist(), edges[1:].tolist(), offsets.tolist(), strict=True)
