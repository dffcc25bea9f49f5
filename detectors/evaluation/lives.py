"""Campaign lives: when each planted ring was at work, beside when the campaign that holds most of it was seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detectors.evaluation.judged import Judged
from detectors.evaluation.truth import NONE

Span = tuple[int, int]  # µs


@dataclass(frozen=True)
class Life:
    """A planted ring, or a campaign that is most of none."""

    name: str  # of the ring, or of the campaign where there is no ring
    fraud_type: str
    true: Span | None
    campaign: str | None
    seen: Span | None

    @property
    def begin(self) -> int:
        """When it was first at work or seen, µs."""
        return min(span[0] for span in (self.true, self.seen) if span)


def lives(judged: Judged) -> list[Life]:
    """Give the rings with a member in the window and the campaigns of no ring, by fraud type and begin."""
    spans, seen = _true_spans(judged), _seen(judged)
    carried = {ring: _largest_campaign(judged, code) for code, ring in enumerate(judged.truth.ring.names)}
    types = _types(judged.rows)
    planted = [
        Life(ring, types[ring], spans[ring], campaign, seen[campaign][1] if campaign else None)
        for ring, campaign in carried.items()
    ]
    false = [Life(name, seen[name][0], None, name, seen[name][1]) for name in seen.keys() - set(carried.values())]
    return sorted([*planted, *false], key=lambda life: (life.true is None, life.fraud_type, life.begin, life.name))


def _largest_campaign(judged: Judged, ring: int) -> str | None:
    claimed = judged.reported[judged.truth.ring.of == ring]
    counts = np.bincount(claimed[claimed != NONE])
    return judged.campaigns[int(counts.argmax())] if len(counts) else None


def _true_spans(judged: Judged) -> dict[str, Span]:
    """Give when members held their roles, cut to the window."""
    window, rows = judged.snapshot.window, _of_rings(judged.rows)
    start = rows["from"].cast(pa.int64()).fill_null(window.start)
    end = rows["to"].cast(pa.int64()).fill_null(window.end)
    inside = pa.table({"ring": rows["campaign"], "start": start, "end": end}).filter(
        pc.and_(pc.less(start, window.end), pc.greater(end, window.start))
    )
    spans = inside.group_by("ring").aggregate([("start", "min"), ("end", "max")]).to_pylist()
    return {row["ring"]: (max(row["start_min"], window.start), min(row["end_max"], window.end)) for row in spans}


def _types(rows: pa.Table) -> dict[str, str]:
    named = _of_rings(rows).group_by("campaign").aggregate([("fraud_type", "min")]).to_pylist()
    return {row["campaign"]: row["fraud_type_min"] or "" for row in named}


def _of_rings(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.and_(pc.equal(rows["label"], "fraud"), pc.is_valid(rows["campaign"])))


def _seen(judged: Judged) -> dict[str, tuple[str, Span]]:
    """Give fraud type and span of calls of each campaign that has members."""
    rows = judged.results.campaigns.select(["id", "fraud_type", "first_seen", "last_seen"]).to_pylist()
    return {row["id"]: (row["fraud_type"], (row["first_seen"], row["last_seen"])) for row in rows}
