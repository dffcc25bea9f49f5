"""What truly happened to rings: truth_events.csv, and who was a member when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from detectors.evaluation.truth import MOMENT, TruthError

COLUMNS = ("at", "campaign", "kind", "others")
RESHAPED = frozenset({"MERGED", "SPLIT"})
BLOCKED = "BLOCKED"  # what others did to a number, not what happened to a ring


@dataclass(frozen=True)
class TrueEvent:
    """Something that happened to a planted ring."""

    at: int  # µs
    campaign: str
    kind: str
    others: frozenset[str]


def read_events(folder: Path) -> list[TrueEvent]:
    """Read what happened to rings from truth_events.csv, in order of time; a folder without one has no events.

    Blocked numbers are left out. Raises TruthError.
    """
    path = folder / "truth_events.csv"
    if not path.is_file():
        return []
    options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    try:
        table = pyarrow.csv.read_csv(path, convert_options=options).select(list(COLUMNS))
        moments = table["at"].cast(MOMENT).cast(pa.int64()).to_pylist()
    except (pa.ArrowInvalid, KeyError) as error:
        raise TruthError(
            f"{path} cannot be read: {error}; its header must be {','.join(COLUMNS)}, and times as "
            "2026-05-01T00:00:00Z. Mend it, or give a folder that `ringfence simulate --out` wrote"
        ) from error
    rows = zip(moments, *(table[name].to_pylist() for name in COLUMNS[1:]), strict=True)
    events = [_event(*row) for row in rows if row[1] and row[2] != BLOCKED]
    return sorted(events, key=lambda event: (event.at, event.campaign, event.kind))


def _event(at: int, campaign: str, kind: str, others: str | None) -> TrueEvent:
    return TrueEvent(at, campaign, kind, frozenset((others or "").replace(";", " ").split()))


def members_within(rows: pa.Table, start: int, end: int) -> dict[str, frozenset[str]]:
    """Give ring → its members whose role overlaps [start, end) (µs), from the rows of truth_numbers.csv."""
    since, until = (rows[name].cast(pa.int64()) for name in ("from", "to"))
    begun, lasting = pc.less(since, end).fill_null(True), pc.greater(until, start).fill_null(True)
    of_ring = pc.and_(pc.equal(rows["label"], "fraud"), pc.is_valid(rows["campaign"]))
    held: Sequence[dict[str, str]] = (
        rows.filter(pc.and_(of_ring, pc.and_(begun, lasting))).select(["campaign", "number"]).to_pylist()
    )
    members: dict[str, set[str]] = {}
    for row in held:
        members.setdefault(row["campaign"], set()).add(row["number"])
    return {ring: frozenset(numbers) for ring, numbers in members.items()}
