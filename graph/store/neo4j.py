"""The Neo4j store: a question is a few named statements in one read transaction, on one version or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import cypher
from configs import Neo4jSettings
from graph.store.neo4j_counts import as_parameters, kinds, totals
from graph.store.neo4j_driver import Ask, Neo4j, Read, Row
from graph.store.neo4j_paths import CHANGED, PathQuestion, shortest
from graph.store.port import (
    ANYONE,
    CALLED,
    NOTHING,
    CallEdge,
    CallPath,
    GraphAnswer,
    Key,
    Kind,
    KindCount,
    LinkEdge,
    Neighbour,
    Neighbours,
    NumberNode,
    Order,
    SharedCallee,
    SharedCallees,
    StoreBehindError,
    StoreMeta,
    StoreUnavailableError,
    Wanted,
    check_question,
)
from graph.store.rows import key_of, key_text


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

    def neighbours(
        self,
        key: Key,
        kind: Kind,
        limit: int,
        wanted: Wanted = ANYONE,
        order: Order = "weight",
        without: Collection[Key] = (),
    ) -> Neighbours:
        """Give the first `limit` wanted neighbours of one kind: callees, callers, or those that a link ties."""
        check_question([limit])
        with self._one_version() as ask:
            number = _numbers(ask, [key]).get(key)
            if number is None or key in without:
                return Neighbours((), 0, 0)
            parameters = as_parameters(wanted, kind) | {"key": key_text(key), "without": _texts(without)}
            ((found,),) = ask(f"neighbours_{kind}", **parameters, limit=limit, order=order)
            edges = [_link_edge(row) if kind == "link" else _call_edge(row) for row in found]
            rows = zip(_all_numbers(ask, [_other(edge, key) for edge in edges]), edges, strict=True)
            total, passing = totals(ask, number, kind, wanted, without)
        return Neighbours(tuple(Neighbour(*row) for row in rows), total, passing)

    def kinds(self, key: Key, wanted: Wanted = ANYONE, without: Collection[Key] = ()) -> tuple[KindCount, ...]:
        """Count all neighbours of a number and the wanted ones: callees, callers, then links by reason."""
        with self._one_version() as ask:
            return kinds(ask, key, wanted, without) if _numbers(ask, [key]) and key not in without else ()

    def neighbourhood(
        self,
        roots: Sequence[Key],
        depth: int,
        max_nodes: int,
        max_edges: int,
        reasons: Collection[str] | None = None,
        without: Collection[Key] = (),
    ) -> GraphAnswer:
        """Give what is reached from `roots` over calls in either direction within `depth` hops."""
        check_question([max_nodes, max_edges], depth)
        over = {"calls": reasons is None or CALLED in reasons, "reasons": list(reasons or ())}
        with self._one_version() as ask:
            barred = _texts(without)
            known = [key_text(key) for key in sorted(_numbers(ask, roots).keys() - set(without))]
            layers = [known[:max_nodes]]
            for _ in range(depth):
                room = max_nodes - sum(map(len, layers))
                layers.append(_reached(ask, layers, room, over, barred))
            total = _total_reached(ask, known, layers, max_nodes, over, barred)
            kept = _together(layers)
            calls = ask("calls_among", kept=kept, limit=max_edges) if over["calls"] else [(0, [])]
            shown = None if reasons is None else over["reasons"]
            links = ask("links_among", kept=kept, campaign=None, reasons=shown, limit=max_edges)
            return _answer(_nodes(ask, layers), total, len(known), calls, links)

    def subgraph(self, keys: Sequence[Key], max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give all of `keys` that are there (hop 0, each once, by key), calls and links among them."""
        return self.neighbourhood(keys, 0, len(keys), max_edges, without=without)

    def shared_callees(
        self, keys: Sequence[Key], limit: int, at_least: int = 2, without: Collection[Key] = ()
    ) -> SharedCallees:
        """Give the `limit` most shared of the numbers that at least `at_least` of `keys` called."""
        check_question([limit], at_least=at_least)
        with self._one_version() as ask:
            known = [key_text(key) for key in _numbers(ask, keys) if key not in without]
            found = ask("shared_callees", keys=known, at_least=at_least, without=_texts(without), limit=limit)
            ((total, rows),) = found
            nodes = _all_numbers(ask, [key_of(row[0]) for row in rows])
        return SharedCallees(tuple(SharedCallee(node, *row[1:]) for node, row in zip(nodes, rows, strict=True)), total)

    def path(
        self, a: Key, b: Key, max_hops: int, directed: bool = False, without: Collection[Key] = ()
    ) -> CallPath | None:
        """Give a shortest path from `a` to `b` over calls in either direction, or only from caller to callee."""
        check_question([], hops=max_hops)
        with self._one_version() as ask:
            known = _numbers(ask, [a, b])
            if not known.keys() >= {a, b} or {a, b} & set(without):
                return None
            if a == b:
                return CallPath((known[a],), ())
            pairs = _width(known[a]) * _width(known[b])
            question = PathQuestion(key_text(a), key_text(b), directed, _texts(without), pairs)
            keys = shortest(ask, question, max_hops)
            if keys is None:
                return None
            ((calls,),) = ask("path_calls", keys=keys, both=not directed)
            nodes = _all_numbers(ask, [key_of(key) for key in keys])
        return CallPath(tuple(nodes), tuple(_call_edge(row) for row in calls))

    def campaign(self, campaign: str, max_nodes: int, max_edges: int, without: Collection[Key] = ()) -> GraphAnswer:
        """Give members of a campaign (hop 0), their most shared victims (hop 1), calls and links among them."""
        check_question([max_nodes, max_edges])
        with self._one_version() as ask:
            barred = _texts(without)
            ((everyone,),) = ask("campaign_members", campaign=campaign)
            members = [key for key in everyone if key not in barred]
            if not members:
                return NOTHING
            kept = sorted(members[:max_nodes])
            ((victims,),) = ask("campaign_victims", campaign=campaign, without=barred, limit=max_nodes - len(kept))
            ((count,),) = ask("campaign_victims_count", campaign=campaign, without=barred)
            layers = [kept, victims]
            calls = ask("calls_touching", members=kept, kept=kept + victims, limit=max_edges)
            links = ask("links_among", kept=kept, campaign=campaign, reasons=None, limit=max_edges)
            return _answer(_nodes(ask, layers), len(members) + count, len(members), calls, links)

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
            raise StoreBehindError(
                f"Neo4j shows run {meta.version}, not {self._run}; `ringfence publish` publishes the newest"
            )
        return mark, meta


def _ready(read: Read) -> tuple[int, StoreMeta]:
    """Give the publish's mark and what it published; raises StoreUnavailableError while there is nothing whole."""
    rows = read(cypher.text("meta"), {})
    if not rows:
        raise StoreBehindError("Neo4j holds no published graph yet; run `ringfence publish`")
    state, mark, *meta = rows[0]
    if state != "ready":
        raise StoreBehindError(
            "Neo4j is being published, or a publish was cut off; ask again later, or run `ringfence publish`"
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


def _reached(
    ask: Ask, layers: Sequence[Sequence[str]], room: int, over: dict[str, Any], barred: Sequence[str]
) -> list[str]:
    if not room or not layers[-1]:
        return []
    ((keys,),) = ask("reached", frontier=layers[-1], kept=[*_together(layers), *barred], limit=room, **over)
    return list(keys)


def _total_reached(
    ask: Ask,
    known: Sequence[str],
    layers: Sequence[Sequence[str]],
    max_nodes: int,
    over: dict[str, Any],
    barred: Sequence[str],
) -> int:
    """Count kept nodes plus those reached and not kept, which exist only where the nodes ran out."""
    kept = _together(layers)
    seen = set(known) | set(kept)
    if len(kept) < max_nodes:
        return len(seen)
    ((beyond,),) = ask("reached_count", expanded=_together(layers[:-1]), known=[*seen, *barred], **over)
    return len(seen) + int(beyond)


def _nodes(ask: Ask, layers: Sequence[Sequence[str]]) -> list[tuple[NumberNode, int]]:
    """Give the nodes of all layers in order, each with its hop."""
    nodes = _all_numbers(ask, [key_of(key) for key in _together(layers)])
    hops = [hop for hop, layer in enumerate(layers) for _ in layer]
    return list(zip(nodes, hops, strict=True))


def _answer(
    nodes: Sequence[tuple[NumberNode, int]],
    total_nodes: int,
    total_roots: int,
    calls: Sequence[Row],
    links: Sequence[Row],
) -> GraphAnswer:
    ((total_edges, edges),), ((total_links, ties),) = calls, links
    return GraphAnswer(
        nodes=tuple(node for node, _ in nodes),
        hops=tuple(hop for _, hop in nodes),
        edges=tuple(_call_edge(row) for row in edges),
        links=tuple(_link_edge(row) for row in ties),
        total_nodes=total_nodes,
        total_edges=total_edges,
        total_links=total_links,
        total_roots=total_roots,
    )


def _call_edge(row: Sequence[Any]) -> CallEdge:
    return CallEdge(key_of(row[0]), key_of(row[1]), *row[2:])


def _link_edge(row: Sequence[Any]) -> LinkEdge:
    return LinkEdge(key_of(row[0]), key_of(row[1]), *row[2:])


def _other(edge: CallEdge | LinkEdge, key: Key) -> Key:
    """Give the end of an edge that is not `key`, or `key` where both are."""
    one, other = (edge.a, edge.b) if isinstance(edge, LinkEdge) else (edge.caller, edge.callee)
    return other if one == key else one


def _texts(keys: Collection[Key]) -> list[str]:
    return [key_text(key) for key in keys]


def _width(number: NumberNode) -> int:
    """Give how many neighbours a number has at most."""
    return number.callees + number.callers


def _together(layers: Sequence[Sequence[str]]) -> list[str]:
    return [key for layer in layers for key in layer]
