"""Shortest paths in the graph database: their length first, then the levels near both ends, then step by step.

The middle of a path is found on the server from both sides, so that hubs, which lie in the middle, are never brought
over. Any walk as long as the shortest path is one, so levels need not leave out what nearer ones hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.store.neo4j_driver import Ask
from graph.store.port import StoreUnavailableError

_OVER_TWO = 3  # hops
_FEW_PAIRS = 2_000  # that are looked for one by one; beyond, going through all calls of one side costs less
CHANGED = "Neo4j was published anew while it was read; ask again"


@dataclass(frozen=True)
class PathQuestion:
    """Two known, different ends (as keys in the graph database), and how calls between them are walked."""

    a: str
    b: str
    directed: bool
    without: Sequence[str]
    pairs: int  # at most, of a neighbour of one end with one of the other


def shortest(ask: Ask, question: PathQuestion, max_hops: int) -> list[str] | None:
    """Give the keys of the shortest path that the port describes, or None."""
    name = "path_hops_directed" if question.directed else "path_hops"
    found = ask(name, a=question.a, b=question.b, without=question.without)
    if not found or found[0][0] > max_hops:
        return None
    hops = found[0][0]
    if hops == _OVER_TWO and question.pairs <= _FEW_PAIRS:
        return _over_two(ask, question)
    path = [question.a]
    for among in _places(ask, question, hops):
        path.append(_step(ask, path[-1], among, question))
    return path


def _over_two(ask: Ask, question: PathQuestion) -> list[str]:
    """Give a path of three hops: its middle is looked for between the neighbours of both ends, not around them."""
    near, far = _beside(ask, question, [question.a], out=True), _beside(ask, question, [question.b], out=False)
    found = ask("path_between", near=near, far=far, both=not question.directed)
    first = _step(ask, question.a, list(dict.fromkeys(one for one, _, _ in found)), question)
    second = min((-calls, other) for one, other, calls in found if one == first)[1]
    return [question.a, first, second, question.b]


def _places(ask: Ask, question: PathQuestion, hops: int) -> list[Sequence[str]]:
    """Give for each place after the first the numbers that may stand there, if those before were reached likewise."""
    if hops == 1:
        return [[question.b]]
    near, far = _levels(ask, question, hops - 2)
    both = not question.directed
    ((goals,),) = ask("path_met", near=near[-1], far=far[-1], both=both, without=question.without)
    places = [goals]
    for level in reversed(near[1:]):
        places.insert(0, _leading(ask, question, level, places[0]))
    return [*places, *reversed(far)]


def _levels(ask: Ask, question: PathQuestion, count: int) -> tuple[list[list[str]], list[list[str]]]:
    """Give the levels from both ends, `count` beside the ends themselves, the smaller side going first."""
    near, far = [[question.a]], [[question.b]]
    for _ in range(count):
        grown = near if len(near[-1]) <= len(far[-1]) else far
        grown.append(_beside(ask, question, grown[-1], out=grown is near))
    return near, far


def _beside(ask: Ask, question: PathQuestion, frontier: Sequence[str], *, out: bool) -> list[str]:
    """Give who is one call from the frontier: called by it (out) or calling it; either where ways do not matter."""
    parameters = {"both": not question.directed, "out": out, "without": question.without}
    ((keys,),) = ask("path_reached", frontier=frontier, **parameters)
    return list(keys)


def _leading(ask: Ask, question: PathQuestion, frontier: Sequence[str], goals: Sequence[str]) -> list[str]:
    """Give those of the frontier that are one call from a goal: pair by pair where these are few."""
    both = not question.directed
    if len(frontier) * len(goals) <= _FEW_PAIRS:
        found = ask("path_between", near=frontier, far=goals, both=both)
        return list(dict.fromkeys(one for one, _, _ in found))
    ((keys,),) = ask("path_leading", frontier=frontier, goals=goals, both=both)
    return list(keys)


def _step(ask: Ask, key: str, among: Sequence[str], question: PathQuestion) -> str:
    if len(among) == 1:
        return among[0]
    found = ask("path_step", key=key, among=among, both=not question.directed)
    if not found:
        raise StoreUnavailableError(CHANGED)
    return str(found[0][0])
