"""The Neo4j store: a question is a few named statements in one read transaction, on one version or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import cypher
from configs import Neo4jSettings
from graph.store.neo4j_driver import Neo4j, Read, Row
from graph.store.port import (
    NOTHING,
    CallEdge,
    Direction,
    GraphAnswer,
    Key,
    LinkEdge,
    Neighbour,
    Neighbours,
    NumberNode,
    StoreMeta,
    StoreUnavailableError,
    check_question,
)
from graph.store.rows import key_of, key_text

Ask = Callable[..., list[Row]]
CHANGED = "Neo4j was published anew while it was read; ask again"


class Neo4jStore:
    """GraphStore on a published graph; the connections are its own from now on and closed with it."""

    def __init__(self, neo4j: Neo4j, settings: Neo4jSettings, run: str | None = None) -> None:
        self._neo4j = neo4j
        self._settings = settings
        self._run = run

    def of_run(self, run: str) -> Neo4jStore:
        """Give the same graph, but only while it shows `run`: each answer is checked where it is read."""
        return Neo4jStore(self._neo4j, self._settings, run)

    def meta(self) -> StoreMeta:
        """Give the version shown."""
        with self._neo4j.reading(self._settings.read_timeout_s) as read:
            return self._whole(read)[1]

    def lookup(self, keys: Sequence[Key]) -> list[NumberNode | None]:
        """Give the nodes of `keys` in order, None where the window has no call of one."""
        with self._one_version() as ask:
            found = _numbers(ask, keys)
        return [found.get(key) for key in keys]

    def neighbours(self, key: Key, direction: Direction, limit: int) -> Neighbours:
        """Give the `limit` heaviest neighbours by calls, ties by key; empty for an unknown key."""
        check_question([limit])
        with self._one_version() as ask:
            number = _numbers(ask, [key]).get(key)
            if number is None:
                return Neighbours((), 0)
            ((calls,),) = ask(f"neighbours_{direction}", key=key_text(key), limit=limit)
            edges = [_call_edge(row) for row in calls]
            others = [edge.callee if direction == "out" else edge.caller for edge in edges]
            nodes = _all_numbers(ask, others)
        shown = tuple(Neighbour(node, edge) for node, edge in zip(nodes, edges, strict=True))
        return Neighbours(shown, number.callees if direction == "out" else number.callers)

    def neighbourhood(self, roots: Sequence[Key], depth: int, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give what is reached from `roots` over calls in either direction within `depth` hops."""
        check_question([max_nodes, max_edges], depth)
        with self._one_version() as ask:
            known = [key_text(key) for key in sorted(_numbers(ask, roots))]
            layers = [known[:max_nodes]]
            for _ in range(depth):
                room = max_nodes - sum(map(len, layers))
                layers.append(_reached(ask, layers, room))
            total = _total_reached(ask, known, layers, max_nodes)
            calls = ask("calls_among", kept=_together(layers), limit=max_edges)
            links = ask("links_among", kept=_together(layers), campaign=None, limit=max_edges)
            return _answer(_nodes(ask, layers), total, calls, links)

    def campaign(self, campaign: str, max_nodes: int, max_edges: int) -> GraphAnswer:
        """Give members of a campaign (hop 0), their most shared victims (hop 1), calls and links among them."""
        check_question([max_nodes, max_edges])
        with self._one_version() as ask:
            ((members,),) = ask("campaign_members", campaign=campaign)
            if not members:
                return NOTHING
            kept = sorted(members[:max_nodes])
            ((victims,),) = ask("campaign_victims", campaign=campaign, limit=max_nodes - len(kept))
            ((count,),) = ask("campaign_victims_count", campaign=campaign)
            layers = [kept, victims]
            calls = ask("calls_touching", members=kept, kept=kept + victims, limit=max_edges)
            links = ask("links_among", kept=kept, campaign=campaign, limit=max_edges)
            return _answer(_nodes(ask, layers), len(members) + count, calls, links)

    def close(self) -> None:
        """Let go of the connections."""
        self._neo4j.close()

    @contextmanager
    def _one_version(self) -> Iterator[Ask]:
        """Open a read transaction that raises StoreUnavailableError unless all of it saw the same published version."""
        with self._neo4j.reading(self._settings.read_timeout_s) as read:
            before = self._whole(read)
            yield lambda name, **parameters: read(cypher.text(name), parameters)
            if _ready(read) != before:
                raise StoreUnavailableError(CHANGED)

    def _whole(self, read: Read) -> tuple[int, StoreMeta]:
        mark, meta = _ready(read)
        if self._run is not None and meta.version != self._run:
            raise StoreUnavailableError(
                f"Neo4j shows run {meta.version}, not {self._run}; `ringfence run --store neo4j` publishes the newest"
            )
        return mark, meta


def _ready(read: Read) -> tuple[int, StoreMeta]:
    """Give the publish's mark and what it published; raises StoreUnavailableError while there is nothing whole."""
    rows = read(cypher.text("meta"), {})
    if not rows:
        raise StoreUnavailableError("Neo4j holds no published graph yet; run `ringfence run --store neo4j`")
    state, mark, *meta = rows[0]
    if state != "ready":
        raise StoreUnavailableError(
            "Neo4j is being published, or a publish was cut off; ask again later, or run `ringfence run --store neo4j`"
        )
    return mark, StoreMeta(*meta)


def _numbers(ask: Ask, keys: Sequence[Key]) -> dict[Key, NumberNode]:
    ((rows,),) = ask("lookup", keys=[key_text(key) for key in keys])
    asked = set(keys)
    nodes = (NumberNode(Key(row[0], row[1]), *row[2:]) for row in rows)
    return {node.key: node for node in nodes if node.key in asked}


def _all_numbers(ask: Ask, keys: Sequence[Key]) -> list[NumberNode]:
    """Give the nodes of keys that were read just now; one that is gone already was removed by a publish."""
    found = _numbers(ask, keys)
    if not found.keys() >= set(keys):
        raise StoreUnavailableError(CHANGED)
    return [found[key] for key in keys]


def _reached(ask: Ask, layers: Sequence[Sequence[str]], room: int) -> list[str]:
    if not room or not layers[-1]:
        return []
    ((keys,),) = ask("reached", frontier=layers[-1], kept=_together(layers), limit=room)
    return list(keys)


def _total_reached(ask: Ask, known: Sequence[str], layers: Sequence[Sequence[str]], max_nodes: int) -> int:
    """Count kept nodes plus those reached and not kept, which exist only where the nodes ran out."""
    kept = _together(layers)
    seen = set(known) | set(kept)
    if len(kept) < max_nodes:
        return len(seen)
    ((beyond,),) = ask("reached_count", expanded=_together(layers[:-1]), known=list(seen))
    return len(seen) + int(beyond)


def _nodes(ask: Ask, layers: Sequence[Sequence[str]]) -> list[tuple[NumberNode, int]]:
    """Give the nodes of all layers in order, each with its hop."""
    nodes = _all_numbers(ask, [key_of(key) for key in _together(layers)])
    hops = [hop for hop, layer in enumerate(layers) for _ in layer]
    return list(zip(nodes, hops, strict=True))


def _answer(
    nodes: Sequence[tuple[NumberNode, int]], total_nodes: int, calls: Sequence[Row], links: Sequence[Row]
) -> GraphAnswer:
    ((total_edges, edges),), ((total_links, ties),) = calls, links
    return GraphAnswer(
        nodes=tuple(node for node, _ in nodes),
        hops=tuple(hop for _, hop in nodes),
        edges=tuple(_call_edge(row) for row in edges),
        links=tuple(LinkEdge(key_of(row[0]), key_of(row[1]), *row[2:]) for row in ties),
        total_nodes=total_nodes,
        total_edges=total_edges,
        total_links=total_links,
    )


def _call_edge(row: Sequence[Any]) -> CallEdge:
    return CallEdge(key_of(row[0]), key_of(row[1]), *row[2:])


def _together(layers: Sequence[Sequence[str]]) -> list[str]:
    return [key for layer in layers for key in layer]
