"""Which neighbours are wanted, as parameters of statements, and how many there are, in the graph database."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from graph.store.neo4j_driver import Ask
from graph.store.port import ANYONE, Key, Kind, KindCount, NumberNode, Wanted
from graph.store.rows import key_text

OF_CALLS = ("min_calls", "answered")  # wanted of calls only, as reasons are of links


def as_parameters(wanted: Wanted, kind: Kind | None = None) -> dict[str, Any]:
    """Give what is wanted as parameters; `kind` leaves out what does not touch it."""
    foreign = () if kind is None else OF_CALLS if kind == "link" else ("reasons",)
    return {name: value for name, value in vars(wanted).items() if name not in foreign}


def kinds(ask: Ask, key: Key, wanted: Wanted, without: Collection[Key]) -> tuple[KindCount, ...]:
    """Count all neighbours of a known number and the wanted ones, as the port says."""
    found = ask("kinds", key=key_text(key), without=[key_text(other) for other in without], **as_parameters(wanted))
    counts = {kind: KindCount(kind, None, *rest) for kind, reason, *rest in found if reason is None}
    links = [KindCount(*row) for row in sorted(row for row in found if row[1] is not None)]
    return (counts.get("out", KindCount("out", None, 0, 0)), counts.get("in", KindCount("in", None, 0, 0)), *links)


def totals(ask: Ask, number: NumberNode, kind: Kind, wanted: Wanted, without: Collection[Key]) -> tuple[int, int]:
    """Count the neighbours of one kind and the wanted ones; a number knows its callees and callers itself."""
    if kind != "link" and wanted == ANYONE and not without:
        total = number.callees if kind == "out" else number.callers
        return total, total
    counts = [count for count in kinds(ask, number.key, wanted, without) if count.kind == kind]
    return sum(count.total for count in counts), sum(count.wanted for count in counts)
