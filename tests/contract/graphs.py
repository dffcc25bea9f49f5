"""Small call graphs drawn by hand, and random ones by seed, as runs that a store can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from detectors.results import CAMPAIGNS, LINKS, MEMBERS, SCORES, VICTIMS
from graph.snapshot import EDGES, LINK_KEYS, NUMBERS, Snapshot, write_snapshot
from graph.store.port import Key
from graph.store.rows import key_of
from graph.store.shown import Shown

DAY = 86_400_000_000
START = 20_000 * DAY
AS_OF = START + 30 * DAY
ROLES = ("caller", "opener", "closer")


@dataclass(frozen=True)
class Ring:
    """A campaign to be: members with their risk, and links as (a, b, reason, weight, shared)."""

    id: str
    members: Mapping[str, float]
    links: Sequence[tuple[str, str, str, float, int]] = ()


@dataclass(frozen=True)
class Drawing:
    """Calls as (caller, callee, how many); keys are written `operator number`."""

    calls: Sequence[tuple[str, str, int]]
    rings: Sequence[Ring] = ()
    risks: Mapping[str, float] = field(default_factory=dict)

    def numbers(self) -> list[str]:
        """Give all keys in the order of nodes."""
        ends = {end for caller, callee, _ in self.calls for end in (caller, callee)}
        return sorted(ends, key=key_of)

    def keys(self) -> list[Key]:
        """Give all keys in the order of nodes."""
        return [key_of(number) for number in self.numbers()]

    def shown(self, folder: Path, run: str = "run-1") -> Shown:
        """Write the drawing as a snapshot into `folder` and give it as a run of this id."""
        node = {number: place for place, number in enumerate(self.numbers())}
        snapshot = self._snapshot(folder / run, run, node)
        members, victims = self._members(node), self._victims(node)
        return Shown(
            run=run,
            as_of=AS_OF,
            snapshot=snapshot,
            scores=self._scores(node),
            campaigns=self._campaigns(members, victims),
            members=members,
            victims=victims,
            links=self._links(node),
        )

    def _snapshot(self, folder: Path, run: str, node: Mapping[str, int]) -> Snapshot:
        rows = sorted((node[caller], node[callee], calls) for caller, callee, calls in self.calls)
        folder.mkdir(parents=True)
        manifest = {"id": f"snapshot-of-{run}", "window": {"start": START, "end": AS_OF}}
        numbers = [_number(number) for number in node]
        names = list(node)
        edges = [_edge(names, *row) for row in rows]
        features = pa.table({"calls_out": pa.array([0.0] * len(node), pa.float64())})
        write_snapshot(
            folder,
            manifest,
            pa.Table.from_pylist(numbers, NUMBERS),
            features,
            pa.Table.from_pylist(edges, EDGES),
            LINK_KEYS.empty_table(),
        )
        return Snapshot(folder)

    def _scores(self, node: Mapping[str, int]) -> pa.Table:
        campaign = {number: ring.id for ring in self.rings for number in ring.members}
        risk = {number: value for ring in self.rings for number, value in ring.members.items()}
        rows = [
            {
                "base": None,
                "risk": float({**risk, **self.risks}.get(number, _digits(number) / 30)),
                "risk_basis": "rank",
                "verdict": "DANGEROUS" if number in risk else "SAFE",
                "role": "suspected" if number in risk else "none",
                "fraud_type": "wangiri" if number in risk else None,
                "campaign": campaign.get(number),
            }
            for number in node
        ]
        return pa.Table.from_pylist(rows, SCORES)

    def _campaigns(self, members: pa.Table, victims: pa.Table) -> pa.Table:
        rows = [
            {
                "id": ring.id,
                "name": f"Campaign {ring.id}",
                "fraud_type": "wangiri",
                "status": "ACTIVE",
                "risk": max(ring.members.values()),
                "members": members["campaign"].to_pylist().count(ring.id),
                "victims": victims["campaign"].to_pylist().count(ring.id),
                "affected": 1,
                "density": 1 / 3,
                "velocity": 2 / 7,
                "first_seen": START,
                "last_seen": AS_OF - 1,
            }
            for ring in self.rings
        ]
        return pa.Table.from_pylist(rows, CAMPAIGNS).sort_by([("risk", "descending"), ("id", "ascending")])

    def _members(self, node: Mapping[str, int]) -> pa.Table:
        rows = [
            {"campaign": ring.id, "node": node[number], "role": ROLES[place % 3], "risk": risk, "since": START + place}
            for ring in self.rings
            for place, (number, risk) in enumerate(ring.members.items())
        ]
        order = [("campaign", "ascending"), ("risk", "descending"), ("node", "ascending")]
        return pa.Table.from_pylist(rows, MEMBERS).sort_by(order)

    def _victims(self, node: Mapping[str, int]) -> pa.Table:
        rows = []
        for ring in self.rings:
            called = [(callee, calls) for caller, callee, calls in self.calls if caller in ring.members]
            for victim in {callee for callee, _ in called}:
                counts = [calls for callee, calls in called if callee == victim]
                row = {"campaign": ring.id, "node": node[victim], "callers": len(counts), "calls": sum(counts)}
                rows.append(row)
        order = [
            ("campaign", "ascending"),
            ("callers", "descending"),
            ("calls", "descending"),
            ("node", "ascending"),
        ]
        return pa.Table.from_pylist(rows, VICTIMS).sort_by(order)

    def _links(self, node: Mapping[str, int]) -> pa.Table:
        rows = [
            {"campaign": ring.id, "a": node[a], "b": node[b], "reason": reason, "weight": weight, "shared": shared}
            for ring in self.rings
            for a, b, reason, weight, shared in ring.links
        ]
        order = [("campaign", "ascending"), ("weight", "descending"), ("a", "ascending"), ("b", "ascending")]
        return pa.Table.from_pylist(rows, LINKS).sort_by([*order, ("reason", "ascending")])


def _number(text: str) -> dict[str, str | int | None]:
    key, place = key_of(text), _digits(text)
    known = key.number.startswith("+")
    return {
        "operator": key.operator,
        "number": key.number,
        "kind": "e164" if known else "opaque",
        "country": "LK" if known else None,
        "line_type": "mobile" if known and place % 2 else None,
        "carrier": "Dialog" if known and place % 3 else None,
        "first_seen": START + place,
        "last_seen": AS_OF - 1 - place,
    }


def _digits(text: str) -> int:
    """Give a number's own small figure, so that what is drawn of it does not depend on its node."""
    return sum(map(ord, text))


def _edge(names: Sequence[str], caller: int, callee: int, calls: int) -> dict[str, int]:
    return {
        "caller": caller,
        "callee": callee,
        "calls": calls,
        "answered": calls // 2,
        "talk_ms": calls * 1_234 + _digits(names[caller]),
        "night_calls": calls // 3,
        "first_seen": START + _digits(names[caller]),
        "last_seen": AS_OF - 1 - _digits(names[callee]),
    }


def star() -> Drawing:
    """One number that rings five and is rung by two of them, some as often as others."""
    leaves = [f"lk +9411{place}" for place in range(1, 6)]
    out = [("lk +94100", leaf, calls) for leaf, calls in zip(leaves, (3, 7, 3, 1, 7), strict=True)]
    return Drawing([*out, (leaves[0], "lk +94100", 4), (leaves[3], "lk +94100", 1), (leaves[0], leaves[1], 9)])


def two_rings() -> Drawing:
    """Two rings of three and two members who share victims across rings; two victims are friends."""
    first, second = ("lk +9420", "lk +9421", "lk +9422"), ("lk +9430", "lk +9431")
    victims = [f"lk +947{place}" for place in range(6)]
    calls = [(caller, victim, 1 + place) for place, caller in enumerate(first) for victim in victims[: 5 - place]]
    calls += [(caller, victim, 2) for caller in second for victim in victims[3:]]
    calls += [(victims[0], victims[1], 50), (victims[2], first[0], 1), (first[0], first[1], 1)]
    links = [
        (first[0], first[1], "shared_victims", 0.75, 4),
        (first[0], first[2], "shared_victims", 1 / 3, 3),
        (first[1], first[2], "shared_victims", 0.75, 3),
        (first[0], first[1], "range", 0.75, 1),
    ]
    rings = [
        Ring("C1", dict(zip(first, (91.5, 88.25, 91.5), strict=True)), links),
        Ring("C2", dict(zip(second, (85.0, 200 / 3), strict=True)), [(*second, "shared_victims", 0.1 + 0.2, 3)]),
    ]
    return Drawing(calls, rings)


def hub() -> Drawing:
    """One number that rings thousands, most of them once."""
    return Drawing([("lk +94100", f"lk +9477{place:05}", 1 + (place % 97 == 0)) for place in range(3_000)])


def alone() -> Drawing:
    """Two pairs that do not know each other, one number that only rings itself, and one that does so among others."""
    calls = [("lk +941", "lk +942", 2), ("lk +943", "lk +944", 1), ("lk +945", "lk +945", 3)]
    return Drawing([*calls, ("lk +941", "lk +941", 5)])


def opaque() -> Drawing:
    """Ids that are no telephone numbers, of a source without numbering plan."""
    return Drawing(
        [("vast2008 200", "vast2008 5", 4), ("vast2008 5", "vast2008 137", 4), ("vast2008 1", "vast2008 5", 4)]
    )


def two_operators() -> Drawing:
    """The same numbers in two networks, one of whose names begins like the other's."""
    calls = [
        ("a +941", "a +942", 5),
        ("a-b +941", "a-b +942", 5),
        ("a-b +942", "a-b +943", 5),
        ("ab +941", "ab +942", 5),
    ]
    return Drawing(calls)


def chain() -> Drawing:
    """A row of seven numbers, each ringing the next, to walk to the last hop and not beyond."""
    row = [f"lk +945{place}" for place in range(7)]
    return Drawing([(a, b, 1) for a, b in pairwise(row)])


def layers() -> Drawing:
    """Two numbers with five rows of three between them: many ways of one length, some of them with equal calls."""
    rows = [["lk +9480"], *([f"lk +948{row}{place}" for place in range(3)] for row in range(1, 6)), ["lk +9489"]]
    ways = [(a, b) for one, other in pairwise(rows) for a in one for b in other]
    calls = [(a, b, 1 + (place * 7) % 3) for place, (a, b) in enumerate(ways) if place % 5]
    return Drawing([*calls, *((b, a, 1 + place % 2) for place, (a, b) in enumerate(ways) if not place % 4)])


def silence() -> Drawing:
    """A window without any call."""
    return Drawing([])


def random_graph(seed: int, numbers: int = 120, calls: int = 700) -> Drawing:
    """A graph with busy and quiet numbers, ties, self calls, and two rings, the same for the same seed."""
    rng = np.random.default_rng(seed)
    names = [f"{'lk' if place % 3 else 'vast2008'} {'+94' if place % 3 else ''}{place:04}" for place in range(numbers)]
    busy = (numbers * rng.random((calls, 2)) ** 2).astype(int)
    pairs = sorted({(int(a), int(b)) for a, b in busy})
    weights = rng.integers(1, 5, len(pairs)).tolist()
    drawn = [(names[a], names[b], weight) for (a, b), weight in zip(pairs, weights, strict=True)]
    there = sorted({name for a, b, _ in drawn for name in (a, b)}, key=key_of)
    return Drawing(drawn, [_random_ring(rng, f"C{place}", there[place::7][:9]) for place in range(2)])


def _random_ring(rng: np.random.Generator, name: str, members: Sequence[str]) -> Ring:
    risks = (rng.integers(50, 54, len(members)) + rng.integers(0, 2, len(members)) / 3).tolist()
    links = [
        (a, b, reason, float(weight) / 7, int(weight))
        for place, a in enumerate(members)
        for b in members[place + 1 :]
        for reason, weight in (("range", rng.integers(1, 4)), ("shared_victims", rng.integers(1, 7)))
        if weight > 1
    ]
    return Ring(name, dict(zip(members, risks, strict=True)), links)


GRAPHS: Mapping[str, Callable[[], Drawing]] = {
    "star": star,
    "two_rings": two_rings,
    "hub": hub,
    "alone": alone,
    "opaque": opaque,
    "two_operators": two_operators,
    "chain": chain,
    "layers": layers,
    "silence": silence,
    "random_1": lambda: random_graph(1),
    "random_2": lambda: random_graph(2, numbers=40, calls=400),
    "random_sparse": lambda: random_graph(3, numbers=300, calls=330),
}
