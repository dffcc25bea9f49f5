"""Small worlds with a ring of each type, as snapshots in a home."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from configs import Settings, load_settings
from graph.snapshot import EDGES, LINK_KEYS, NUMBERS, Snapshot, write_snapshot
from graph.windows import DAY
from ingest.home import Home
from tests.graph.calls import MAY, Row, tables_of, write_calls
from tests.graph.lakes import replace_calls
from tests.scenarios.patterns import Scenario, calls_of, scenarios_in

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SCOPE = "all"
AS_OF = MAY.end
CALLS = "calls.parquet"  # in the folder of a snapshot, beside its tables


def ring_rows(members: str = "ABCD", first: int = 0, fraud: str = "wangiri") -> list[Row]:
    """Calls of a ring whose members' lists overlap by half, and of a few everyday people beside it."""
    pattern = scenarios_in(SCENARIOS / fraud / "fraud.yaml")[0].calls[0]
    calls = [pattern.model_copy(update={"caller": m, "first": first + 30 * at}) for at, m in enumerate(members)]
    scenario = Scenario(name="ring", because="", about=tuple(members), calls=tuple(calls))
    return calls_of(scenario)


def everyday_rows(people: int = 20) -> list[Row]:
    """Calls of people who ring a few friends, again and again."""
    pattern = scenarios_in(SCENARIOS / "impersonation" / "innocent.yaml")[2].calls[0]
    letters = [chr(ord("a") + at) for at in range(people)]
    calls = [pattern.model_copy(update={"caller": m, "first": 9000 + 3 * at}) for at, m in enumerate(letters)]
    return calls_of(Scenario(name="people", because="", about=tuple(letters), calls=tuple(calls)))


def snapshot_of(home: Home, rows: Sequence[Row], folder: Path, name: str = "s1") -> Snapshot:
    """Give the snapshot of calls by the product's own way, in the home."""
    tables = tables_of(rows, folder)
    target = home.snapshots / name
    target.mkdir()
    window, operators = {"start": MAY.start, "end": MAY.end}, sorted({row["operator"] for row in rows})
    manifest = {"id": name, "window": window, "operators": operators, "data_digest": name}
    write_snapshot(target, manifest, tables.numbers, tables.features, tables.edges, tables.link_keys)
    write_calls(target / CALLS, rows)
    return Snapshot(target)


def lay_calls(home: Home, snapshot: Snapshot) -> None:
    """Let the lake of `home` hold what `snapshot_of` made the snapshot of: a run reads calls there."""
    replace_calls(home, pq.read_table(snapshot.folder / CALLS, partitioning=None).to_pylist())


def graph_of(folder: Path, calls: Sequence[tuple[int, int, int, int]], count: int) -> Snapshot:
    """Give a snapshot of bare edges (caller, callee, calls, answered); one begins a day, each lasts for half of it."""
    edges = sorted(calls)
    columns = {
        "caller": [e[0] for e in edges],
        "callee": [e[1] for e in edges],
        "calls": [e[2] for e in edges],
        "answered": [e[3] for e in edges],
        "talk_ms": [e[3] * 60_000 for e in edges],
        "night_calls": [0] * len(edges),
        "first_seen": [MAY.start + at * DAY for at in range(len(edges))],
        "last_seen": [MAY.start + at * DAY + DAY // 2 for at in range(len(edges))],
    }
    names = [f"+91{at:04d}" for at in range(count)]
    numbers = pa.table(
        {
            **{name: [None] * count for name in ("country", "line_type", "carrier")},
            "operator": ["generic"] * count,
            "number": names,
            "kind": ["e164"] * count,
            "first_seen": [MAY.start] * count,
            "last_seen": [MAY.end] * count,
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_snapshot(
        folder,
        {"id": folder.name, "window": {"start": MAY.start, "end": MAY.end}},
        numbers.select(NUMBERS.names).cast(NUMBERS),
        pa.table({"attempts": pa.array([0.0] * count)}),
        pa.table(columns).cast(EDGES),
        LINK_KEYS.empty_table(),
    )
    return Snapshot(folder)


def settings_with(**sections: dict[str, object]) -> Settings:
    """Give the default settings with some values of some sections replaced."""
    settings = load_settings()
    replaced = {name: getattr(settings, name).model_copy(update=values) for name, values in sections.items()}
    return settings.model_copy(update=replaced)
