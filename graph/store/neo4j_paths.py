"""Shortest paths in the graph database: their length first, then the levels near both ends, then step by step.

The middle of a path is found on the server from both sides, so that hubs, which lie in the middle, are never brought
over. Any walk as long as the shortest path is one, so levels need not leave out what nearer ones hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.store.neo4j_driver import Ask
from graph.store.port import StoreUnavailableError

CHANGED = "Neo4j was published anew while it was read; ask again"


@dataclass(frozen=True)
class PathQuestion:
    """Two known, different ends (as keys in the graph database) and which way calls are walked."""

    a: str
    b: str
    directed: bool
    without: Sequence[str]


def shortest(ask: Ask, question: PathQuestion, max_hops: int) -> list[str] | None:
    """Give the keys of the shortest path that the port describes, or None."""
    name = "path_hops_directed" if question.directed else "path_hops"
    found = ask(name, a=question.a, b=question.b, without=question.without)
    if not found or found[0][0] > max_hops:
        return None
    path = [question.a]
    for among in _places(ask, question, found[0][0]):
        path.append(_step(ask, path[-1], among, question))
    return path


def _places(ask: Ask, question: PathQuestion, hops: int) -> list[Sequence[str]]:
    """Give for each place after the first the numbers that may stand there, if those before were reached likewise."""
    if hops == 1:
        return [[question.b]]
    near, far = _levels(ask, question, hops - 2)
    both = not question.directed
    ((goals,),) = ask("path_met", near=near[-1], far=far[-1], both=both, without=question.without)
    places = [goals]
    for level in reversed(near[1:]):
        ((leading,),) = ask("path_leading", frontier=level, goals=places[0], both=both)
        places.insert(0, leading)
    return [*places, *reversed(far)]


def _levels(ask: Ask, question: PathQuestion, count: int) -> tuple[list[list[str]], list[list[str]]]:
    """Give the levels from both ends, `count` beside the ends themselves, the smaller side going first."""
    near, far = [[question.a]], [[question.b]]
    for _ in range(count):
        grown = near if len(near[-1]) <= len(far[-1]) else far
        parameters = {"both": not question.directed, "out": grown is near, "without": question.without}
        ((level,),) = ask("path_reached", frontier=grown[-1], **parameters)
        grown.append(level)
    return near, far


def _step(ask: Ask, key: str, among: Sequence[str], question: PathQuestion) -> str:
    if len(among) == 1:
        return among[0]
    found = ask("path_step", key=key, among=among, both=not question.directed)
    if not found:
        raise StoreUnavailableError(CHANGED)
    return str(found[0][0])
