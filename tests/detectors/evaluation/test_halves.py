"""No organisation is on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.evaluation.halves import drawn_half, families, ring_half

TYPES = {f"{kind}-{row}": kind for kind in ("robocall", "wangiri") for row in range(10)}
ALONE = {campaign: row for row, campaign in enumerate(TYPES)}


def test_half_of_the_rings_of_every_type_is_drawn() -> None:
    half = ring_half(TYPES, ALONE, seed=1)
    assert sorted(TYPES[campaign] for campaign in half) == ["robocall"] * 5 + ["wangiri"] * 5


def test_the_seed_alone_decides() -> None:
    assert ring_half(TYPES, ALONE, seed=1) == ring_half(dict(reversed(list(TYPES.items()))), ALONE, seed=1)
    assert len({ring_half(TYPES, ALONE, seed) for seed in range(5)}) > 1


def test_an_odd_number_of_rings_falls_either_way() -> None:
    one = {"wangiri-0": "wangiri"}
    assert {len(ring_half(one, {"wangiri-0": 0}, seed)) for seed in range(20)} == {0, 1}


@pytest.mark.parametrize("seed", range(10))
def test_single_rings_of_several_types_fall_on_both_sides(seed: int) -> None:
    types = {name: name for name in "abc"}
    assert len(ring_half(types, {"a": 0, "b": 1, "c": 2}, seed)) in {1, 2}


@pytest.mark.parametrize("seed", range(10))
def test_a_family_stays_together(seed: int) -> None:
    family = {campaign: min(row, 1) for row, campaign in enumerate(TYPES)}  # all but the first
    assert len(ring_half(TYPES, family, seed)) in {0, 1, 19, 20}


def test_families_are_tied_by_resurgence_and_by_events(tmp_path: Path) -> None:
    (tmp_path / "truth_campaigns.csv").write_text("campaign,resurgence_of\na-1,\na-2,a-1\na-3,\nb-1,\nb-2,\nb-3,\n")
    (tmp_path / "truth_events.csv").write_text("at,campaign,kind,others\nt,b-1,MERGED,b-2 b-3\nt,a-3,BORN,\n")
    family = families(tmp_path, ["a-1", "a-2", "a-3", "b-1", "b-2", "b-3"])
    assert family["a-1"] == family["a-2"]
    assert family["b-1"] == family["b-2"] == family["b-3"]
    assert len({family["a-1"], family["a-3"], family["b-1"]}) == 3


def test_without_the_files_everybody_is_alone(tmp_path: Path) -> None:
    assert families(tmp_path, ["a", "b"]) == {"a": 0, "b": 1}


def test_half_of_the_rows_is_drawn() -> None:
    assert drawn_half(7, seed=1).sum() == 3
    assert drawn_half(1_000, seed=1).tolist() != drawn_half(1_000, seed=2).tolist()
