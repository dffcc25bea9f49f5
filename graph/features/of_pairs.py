"""The features of numbers that are computed from pairs, with what each part needs of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from configs import FeatureSettings
from graph.blocks import cuts
from graph.calls import CallTables
from graph.exact_sums import sums
from graph.features import balance, callbacks, catalogue, forwarding, novelty, pairs, places, reach
from graph.features.columns import Floats, whole_by_node
from graph.features.written import written
from graph.pair_arrays import Contacts, NumberPairs, PairArrays, Talks
from graph.query_engine import QueryEngine

_MOST_PAIRS = 1 << 22  # that are looked at together, but for a caller with more (bounds memory)


@dataclass(frozen=True)
class Paired:
    """A window's tables and pairs; count: of numbers."""

    engine: QueryEngine
    tables: CallTables
    pairs: PairArrays
    talks: Talks
    settings: FeatureSettings
    count: int


def columns(of: Paired, names: Collection[str]) -> dict[str, Floats]:
    """Give at least those of `names` that are computed from pairs, row = node; what has none of them costs nothing."""
    found: dict[str, Floats] = {}
    for part, compute in _PARTS.items():
        if not part.isdisjoint(names):
            found.update(compute(of))
    return found


def _novelty(of: Paired) -> dict[str, Floats]:
    numbers = of.engine.fetch(of.tables.numbers.select("node", "first_seen"))
    first_seen = whole_by_node(numbers["node"].to_numpy(), numbers["first_seen"].to_numpy(), of.count)
    return novelty.columns(of.pairs, first_seen, of.tables.window, of.settings)


def of_callers(
    pairs: PairArrays, count: int, compute: Callable[[NumberPairs, Contacts, slice], dict[str, Floats]]
) -> dict[str, Floats]:
    """Give the columns of `count` callers that `compute` gives of some at a time: their pairs, and which they are."""
    found: dict[str, Floats] = {}
    for first, end in cuts(np.bincount(pairs.caller, minlength=count), _MOST_PAIRS):
        for name, values in compute(*pairs.of_callers(first, end), slice(first, end)).items():
            if name not in found:
                found[name] = np.full(count, np.nan)
            found[name][first:end] = values
    return found


def _places(of: Paired) -> dict[str, Floats]:
    digits = written(of.engine, of.tables.numbers, of.count)
    return of_callers(
        of.pairs, of.count, lambda pairs, made, some: places.columns(pairs, made, digits, some.stop - some.start)
    )


def _forwarding(of: Paired) -> dict[str, Floats]:
    received = sums(of.pairs.callee, of.pairs.calls, of.count)
    return forwarding.columns(of.engine, of.tables.forwards, received)


_PARTS: dict[frozenset[str], Callable[[Paired], dict[str, Floats]]] = {
    frozenset(catalogue.names("reach")): lambda of: reach.columns(of.pairs.made, of.pairs.got, of.count),
    frozenset(catalogue.names("balance")): lambda of: balance.columns(of.pairs.made, of.pairs.got, of.count),
    frozenset(catalogue.names("novelty")): _novelty,
    frozenset(places.BY_DIGITS): _places,
    frozenset(("reciprocity", "stable_contacts")): lambda of: pairs.mutual(of.pairs, of.talks, of.count),
    frozenset(("handoff_share", "handoff_in_share")): lambda of: pairs.handoffs(
        of.pairs, of.talks, of.settings, of.count
    ),
    frozenset(("callback_rate", "callback_seconds")): lambda of: callbacks.columns(
        of.engine, of.tables.calls, of.pairs, of.settings, of.count
    ),
    frozenset(catalogue.names("forwarding")): _forwarding,
}
