"""What is known of numbers beside their calls, in graphs of other spans than a run's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.store.port import GraphStore, Key, LinkEdge, NumberNode
from ingest.values.number_plans import plan_entry

NO_DATA = "NO_DATA"
_SERVICE_LINES = ("toll_free", "premium_rate", "shared_cost", "uan")


@dataclass(frozen=True)
class Described:
    """Numbers in the order asked for, their figures of calls to be filled in, and the links among them."""

    nodes: list[NumberNode]
    links: tuple[LinkEdge, ...]
    total_links: int


def describe(run: GraphStore | None, keys: Sequence[Key], max_links: int) -> Described:
    """Say what a run says of some numbers, and of those it does not know what their digits say.

    Without a run, and for numbers it does not know, the verdict is NO_DATA.
    """
    if run is None:
        return Described([_by_digits(key) for key in keys], (), 0)
    known = run.neighbourhood(keys, 0, len(keys), max_links)
    nodes = {node.key: node for node in known.nodes}
    return Described([nodes.get(key) or _by_digits(key) for key in keys], known.links, known.total_links)


def _by_digits(key: Key) -> NumberNode:
    plan = plan_entry(key.number)
    return NumberNode(
        key=key,
        kind=_kind(key.number, plan.line_type),
        country=plan.country,
        line_type=plan.line_type,
        carrier=plan.carrier,
        first_seen=0,
        last_seen=0,
        out_calls=0,
        in_calls=0,
        callees=0,
        callers=0,
        risk=0.0,
        verdict=NO_DATA,
        role="none",
        fraud_type=None,
        campaign=None,
    )


def _kind(number: str, line_type: str | None) -> str:
    if not number.startswith("+"):
        return "short" if number.isdigit() else "opaque"
    return "service" if line_type in _SERVICE_LINES else "e164"
