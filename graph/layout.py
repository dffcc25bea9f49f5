"""Where the numbers of a ring's graph are drawn: the same place from run to run, as far as the graph is the same.

Stress majorisation (Gansner, Koren, North 2004, Graph drawing by stress majorization) with anchors (Baur, Schank 2008,
Dynamic graph drawing in Visone): nodes are drawn at distances like those along the links, and each is held near its
anchor, a place that follows from its key alone. So no picture is turned or mirrored against another, and no state is
needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree

MOST_NODES = 2_000  # all pairs are held: 32 MB a matrix
HOLD = 0.3  # of the anchor, against the pull of all other nodes together
ROUNDS = 12
ROOM = 0.5  # nodes are at least this share of the mesh width apart of a square grid of as many nodes
PUSHES = 30
DECIMALS = 4
_ALMOST_NOTHING = 1e-9

Nodes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]


def positions(keys: Sequence[str], a: Nodes, b: Nodes, weight: Numbers) -> Numbers:
    """Give x and y of each node in 0..1, [nodes, 2]; y grows downwards or upwards as the drawer likes.

    `keys`: a name for each node, each once. `a`, `b`: ends of links as places in `keys`, in any order and direction;
    `weight`: positive, heavier links are shorter. The order of nodes and of links does not show. Raises ValueError for
    more than MOST_NODES nodes or a key that comes twice.
    """
    if len(keys) > MOST_NODES or len(set(keys)) != len(keys):
        raise ValueError(f"a layout takes at most {MOST_NODES} nodes, each key once")
    if len(keys) < 2:
        return np.full((len(keys), 2), 0.5)
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    anchors = np.array([_place_of(keys[at]) for at in order])
    drawn = _apart(_drawn(_distances(len(keys), place[a], place[b], weight), anchors))
    rounded: Numbers = np.round(_framed(drawn), DECIMALS)[place]
    return rounded


def _place_of(key: str) -> tuple[float, float]:
    """Give a place in the unit square that follows from the key alone."""
    x, y = np.frombuffer(blake2b(key.encode(), digest_size=8).digest(), "<u4") / 2**32
    return float(x), float(y)


def _distances(count: int, a: Nodes, b: Nodes, weight: Numbers) -> Numbers:
    """Give how far apart each two nodes should be: along links 1 to 2 long, and further where no way leads."""
    length = 2.0 - weight / weight.max(initial=_ALMOST_NOTHING)
    order = np.lexsort((-length, np.maximum(a, b), np.minimum(a, b)))
    low, high, length = np.minimum(a, b)[order], np.maximum(a, b)[order], length[order]
    last = np.diff(low.astype(np.int64) * count + high, append=-1) != 0  # of links between the same two the shortest
    links = coo_array((length[last], (low[last], high[last])), shape=(count, count)).tocsr()
    far = shortest_path(links, directed=False)
    reached = np.isfinite(far)
    far[~reached] = far[reached].max() + 1.0
    return np.asarray(far, dtype=np.float64)


def _drawn(wanted: Numbers, anchors: Numbers) -> Numbers:
    """Give the places of least stress, from the anchors on: each round minimises a bound of it.

    Distances are wanted in the unit in which the anchors already fit them best.
    """
    np.fill_diagonal(wanted, 1.0)
    pull = wanted**-2
    np.fill_diagonal(pull, 0.0)
    wanted = wanted * ((pull * wanted * _between(anchors)).sum() / (pull * wanted**2).sum())
    pull /= pull.mean()
    hold = HOLD * pull.sum(axis=1).mean()
    solver = cho_factor(np.diag(pull.sum(axis=1) + hold) - pull)
    at = anchors
    for _ in range(ROUNDS):
        push = pull * wanted / _between(at)
        at = cho_solve(solver, push.sum(axis=1)[:, None] * at - push @ at + hold * anchors)
    return at


def _between(at: Numbers) -> Numbers:
    squares = (at * at).sum(axis=1)
    apart = squares[:, None] + squares - 2.0 * (at @ at.T)
    distance: Numbers = np.sqrt(np.maximum(apart, _ALMOST_NOTHING))
    return distance


def _apart(at: Numbers) -> Numbers:
    """Push nodes that are too near to each other apart, a little at a time."""
    room = ROOM * float(np.ptp(at, axis=0).max()) / np.sqrt(len(at))
    for _ in range(PUSHES):
        near = cKDTree(at).query_pairs(room, output_type="ndarray")
        if not len(near):
            break
        near = near[np.lexsort((near[:, 1], near[:, 0]))]
        way = at[near[:, 0]] - at[near[:, 1]]
        length = np.maximum(np.hypot(way[:, 0], way[:, 1]), _ALMOST_NOTHING)
        step = way * ((1.05 * room / length - 1.0) / 2)[:, None]
        moved = at.copy()
        np.add.at(moved, near[:, 0], step)
        np.subtract.at(moved, near[:, 1], step)
        at = moved
    return at


def _framed(at: Numbers) -> Numbers:
    """Fit into the unit square, sides in proportion, in the middle."""
    low, high = at.min(axis=0), at.max(axis=0)
    return np.asarray(0.5 + (at - (low + high) / 2) / max(float((high - low).max()), _ALMOST_NOTHING), dtype=np.float64)
