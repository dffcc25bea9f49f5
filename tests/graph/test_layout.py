"""Drawings of ring graphs: the same from run to run, nearly the same when some come and go, tied numbers near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from graph.layout import MOST_NODES, positions


@dataclass(frozen=True)
class Ring:
    keys: list[str]
    a: np.ndarray
    b: np.ndarray
    weight: np.ndarray

    def drawn(self) -> np.ndarray:
        return positions(self.keys, self.a, self.b, self.weight)

    def places(self) -> dict[str, tuple[float, float]]:
        return {key: (float(x), float(y)) for key, (x, y) in zip(self.keys, self.drawn(), strict=True)}

    def without(self, share: float, seed: int) -> Ring:
        """Leave out a share of the nodes with their links."""
        chance = np.random.default_rng(seed)
        kept = np.sort(chance.choice(len(self.keys), round((1 - share) * len(self.keys)), replace=False))
        links = np.isin(self.a, kept) & np.isin(self.b, kept)
        a, b = (np.searchsorted(kept, end[links]).astype(np.int32) for end in (self.a, self.b))
        return Ring([self.keys[at] for at in kept], a, b, self.weight[links])

    def turned(self, seed: int) -> Ring:
        """Name nodes and links in another order, links the other way round."""
        chance = np.random.default_rng(seed)
        nodes, links = chance.permutation(len(self.keys)), chance.permutation(len(self.a))
        place = np.argsort(nodes).astype(np.int32)
        return Ring([self.keys[at] for at in nodes], place[self.b[links]], place[self.a[links]], self.weight[links])


def _rings(count: int, members: int, victims: int, each: int, seed: int) -> Ring:
    """Rings whose members call some of their victims, and a few of the next ring's."""
    chance = np.random.default_rng(seed)
    size = members + victims
    a = np.concatenate([np.repeat(np.arange(members), each) + ring * size for ring in range(count)])
    b = chance.integers(members, size, len(a)) + a // size * size
    away = chance.choice(len(a), 3 * (count - 1), replace=False)
    b[away] = (b[away] + size) % (count * size)
    keys = [f"lk +9477{number:07d}" for number in chance.permutation(10**7)[: count * size]]
    return Ring(keys, a.astype(np.int32), b.astype(np.int32), chance.uniform(0.3, 1.0, len(a)))


RINGS = {"one": _rings(1, 30, 100, 8, 1), "large": _rings(1, 40, 300, 20, 2), "three": _rings(3, 15, 60, 8, 3)}


def _moved(one: dict[str, tuple[float, float]], other: dict[str, tuple[float, float]]) -> float:
    """Give the median distance of the nodes in both."""
    both = sorted(one.keys() & other.keys())
    return float(np.median(np.hypot(*np.array([np.subtract(one[key], other[key]) for key in both]).T)))


@pytest.mark.parametrize("name", list(RINGS))
def test_order_and_direction_do_not_show(name: str) -> None:
    ring = RINGS[name]
    assert ring.turned(5).places() == ring.places()


@pytest.mark.parametrize("name", list(RINGS))
def test_places_fill_the_unit_square(name: str) -> None:
    places = RINGS[name].drawn()
    assert (places.min(), places.max()) == (0.0, 1.0)


@pytest.mark.parametrize("name", list(RINGS))
def test_nodes_keep_apart(name: str) -> None:
    places = RINGS[name].drawn()
    nearest = pdist(places).min()
    assert nearest >= 0.4 / np.sqrt(len(places))


@pytest.mark.parametrize("name", list(RINGS))
def test_who_is_tied_stands_nearer(name: str) -> None:
    ring = RINGS[name]
    places = ring.drawn()
    linked = np.hypot(*(places[ring.a] - places[ring.b]).T)
    assert linked.mean() <= 0.85 * pdist(places).mean()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", list(RINGS))
def test_the_others_stay_about_there_when_a_tenth_goes_or_comes(name: str, seed: int) -> None:
    whole = RINGS[name]
    less = whole.without(0.1, seed)
    assert _moved(whole.places(), less.places()) <= 0.1


def test_few_nodes_have_places() -> None:
    nothing = np.empty(0, np.int32)
    assert positions([], nothing, nothing, np.empty(0)).shape == (0, 2)
    assert positions(["a"], nothing, nothing, np.empty(0)).tolist() == [[0.5, 0.5]]
    assert len(np.unique(positions(["a", "b", "c"], nothing, nothing, np.empty(0)), axis=0)) == 3


def test_too_many_nodes_and_keys_that_come_twice_are_refused() -> None:
    nothing = np.empty(0, np.int32)
    for keys in (["a", "a"], [str(number) for number in range(MOST_NODES + 1)]):
        with pytest.raises(ValueError, match="each key once"):
            positions(keys, nothing, nothing, np.empty(0))
