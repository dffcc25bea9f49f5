from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from configs import load_settings
from detectors.campaigns.rings import candidate_links, find_rings, rejoined
from detectors.fusion import Fused
from graph.links.table import Links
from tests.detectors.worlds import graph_of

SETTINGS = load_settings()
COUNT = 12


def _links(*cliques: tuple[range, float]) -> Links:
    rows = sorted((a, b, weight) for members, weight in cliques for a, b in itertools.combinations(members, 2))
    a, b, weight = zip(*rows, strict=True)
    return Links(
        "shared_victims",
        np.array(a, dtype=np.int32),
        np.array(b, dtype=np.int32),
        np.array(weight),
        np.full(len(rows), 9, dtype=np.int64),
    )


def _fused(held: list[int], far: Sequence[int] = (), fraud: str = "robocall") -> Fused:
    """Numbers of whom a module holds `held`; all others come near, but those who are `far`."""
    holds = np.isin(np.arange(COUNT), held)
    fraud_type = np.array([fraud if held else None for held in holds], dtype=object)
    nearest = np.where(np.isin(np.arange(COUNT), far), 0.3, 0.9)
    return Fused(np.zeros(COUNT), fraud_type, holds, fraud_type, nearest)


def _rings(links: Links, held: list[int], far: Sequence[int] = ()) -> list[list[int]]:
    return [ring.members.tolist() for ring in find_rings(links, _fused(held, far), SETTINGS)]


def test_a_community_is_a_ring_when_a_module_vouches_for_a_member() -> None:
    links = _links((range(4), 0.5), (range(6, 10), 0.5))
    assert _rings(links, [0, 1, 2]) == [[0, 1, 2, 3]]


def test_too_few_members_are_no_ring() -> None:
    assert _rings(_links((range(2), 0.5)), [0, 1]) == []


def test_whoever_is_far_from_what_any_module_looks_for_is_left_out() -> None:
    assert _rings(_links((range(5), 0.5)), [0, 1, 2], far=[3, 4]) == [[0, 1, 2]]


def test_the_weakly_tied_are_dropped() -> None:
    links = _links((range(4), 0.6))
    weaker = Links(links.reason, links.a, links.b, np.where(links.b == 3, 0.2, links.weight), links.shared)
    assert _rings(weaker, [0, 1, 2]) == [[0, 1, 2]]


def test_where_few_are_proven_only_they_are_reported() -> None:
    assert _rings(_links((range(12), 0.5)), [0, 1]) == []


def test_no_links_no_rings() -> None:
    nothing = np.empty(0, dtype=np.int32)
    links = Links("shared_victims", nothing, nothing, np.empty(0), nothing.astype(np.int64))
    assert _rings(links, [0, 1, 2]) == []


def test_the_ring_carries_its_own_links_and_the_majoritys_fraud_type() -> None:
    fused = _fused(list(range(COUNT)))
    fused.fraud_type[0] = "wangiri"
    (ring,) = find_rings(_links((range(3), 0.5)), fused, SETTINGS)
    assert ring.fraud_type == "robocall"
    assert list(zip(ring.links.a, ring.links.b, strict=True)) == [(0, 1), (0, 2), (1, 2)]


@pytest.mark.parametrize(("between", "pieces"), [(0.3, 1), (0.05, 2)])
def test_pieces_are_rejoined_when_tied_about_as_closely_as_within(between: float, pieces: int) -> None:
    links = _links((range(6), 0.4))
    halves = np.array([0, 0, 0, 1, 1, 1], dtype=np.int32)
    across = halves[links.a] != halves[links.b]
    label = rejoined(halves, links.a, links.b, np.where(across, between, 0.4))
    assert len(set(label.tolist())) == pieces


def test_single_numbers_cut_from_one_ring_are_rejoined() -> None:
    links = _links((range(5), 0.4))
    assert set(rejoined(np.arange(5, dtype=np.int32), links.a, links.b, links.weight).tolist()) == {0}


def test_links_are_among_candidates_only(tmp_path: Path) -> None:
    calls = [(caller, victim, 1, 0) for caller in (0, 1, 2) for victim in range(4, 10)]
    links = candidate_links(graph_of(tmp_path / "s", calls, 10), np.array([0, 2], dtype=np.int32), SETTINGS)
    assert list(zip(links.a, links.b, links.shared, strict=True)) == [(0, 2, 6)]
