from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from configs import load_settings
from detectors.campaigns.rings import combined, find_rings, rejoined
from detectors.fusion import Fused
from graph.links.table import Links

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
    return [ring.members.tolist() for ring in find_rings([links], _fused(held, far), SETTINGS)]


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
    (ring,) = find_rings([_links((range(3), 0.5))], fused, SETTINGS)
    assert ring.fraud_type == "robocall"
    assert list(zip(ring.ties.a, ring.ties.b, strict=True)) == [(0, 1), (0, 2), (1, 2)]


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


def _one(reason: str, *rows: tuple[int, int, float]) -> Links:
    a, b, weight = (np.array(column) for column in zip(*rows, strict=True))
    return Links(reason, a.astype(np.int32), b.astype(np.int32), weight, np.ones(len(rows), dtype=np.int64))


def test_reasons_are_put_together_as_doubts() -> None:
    """1 - (1 - 0.5 x 0.4)(1 - 0.9 x 0.6) for the pair with two reasons."""
    trust = SETTINGS.links.reliability.model_copy(update={"device": 0.5, "handoff": 0.9})
    links = [_one("device", (0, 1, 0.4), (2, 3, 1.0)), _one("handoff", (0, 1, 0.6), (0, 2, 0.5))]
    ties = combined(links, trust)
    assert list(zip(ties.a.tolist(), ties.b.tolist(), strict=True)) == [(0, 1), (0, 2), (2, 3)]
    assert ties.weight.tolist() == pytest.approx([1 - 0.8 * 0.46, 0.45, 0.5])
    assert ties.shared.tolist() == [2, 1, 1]


def test_no_pair_is_tied_more_than_wholly_and_a_sole_trusted_reason_keeps_its_weight() -> None:
    trust = SETTINGS.links.reliability.model_copy(update={"shared_victims": 1.0, "device": 1.0})
    ties = combined([_one("shared_victims", (0, 1, 1.0), (1, 2, 0.3)), _one("device", (0, 1, 1.0))], trust)
    assert ties.weight.tolist() == [1.0, 0.3]


def test_a_ring_carries_every_reason_of_its_members() -> None:
    device = _one("device", (0, 1, 1.0), (0, 5, 1.0))
    (ring,) = find_rings([device, _links((range(3), 0.5))], _fused([0, 1, 2], far=[5]), SETTINGS)
    rows = [(of.reason, a, b) for of in ring.links for a, b in zip(of.a.tolist(), of.b.tolist(), strict=True)]
    expected = [("shared_victims", a, b) for a, b in ((0, 1), (0, 2), (1, 2))]
    assert rows == [("device", 0, 1), *expected]
    assert len(ring.ties) == 3
