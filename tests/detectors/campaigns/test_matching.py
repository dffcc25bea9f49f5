from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from detectors.campaigns.matching import Profile, match, new_id, overlap

KEYS = st.frozensets(st.binary(min_size=1, max_size=1), max_size=8)
PROFILES = st.builds(Profile, KEYS, KEYS)


def _profile(members: str, victims: str) -> Profile:
    return Profile(frozenset(m.encode() for m in members), frozenset(v.encode() for v in victims))


@given(PROFILES, PROFILES)
def test_overlap_is_a_share_and_has_no_direction(one: Profile, other: Profile) -> None:
    assert 0 <= overlap(one, other) <= 1
    assert overlap(one, other) == overlap(other, one)


@given(PROFILES)
def test_who_did_not_change_overlaps_wholly(profile: Profile) -> None:
    if profile.members and profile.victims:
        assert overlap(profile, profile) == 1


def test_a_ring_that_grew_is_still_itself() -> None:
    assert overlap(_profile("abc", "xy"), _profile("abcdefghijk", "xyz")) == 1


def test_all_new_numbers_with_the_same_victims_overlap_by_the_victims() -> None:
    assert overlap(_profile("abc", "xyz"), _profile("def", "xyz")) == 0.4


def test_each_ring_takes_one_campaign_and_the_best_pair_goes_first() -> None:
    rings = [_profile("abcd", "wxyz"), _profile("ab", "wx")]
    known = {"C-1": _profile("abcd", "wxyz"), "C-2": _profile("ab", "wx")}
    assert match(rings, known, 0.3) == {0: "C-1", 1: "C-2"}


def test_a_split_keeps_the_id_for_one_half_only() -> None:
    known = {"C-1": _profile("abcdef", "uvwxyz")}
    assert match([_profile("ab", "uv"), _profile("cdef", "wxyz")], known, 0.3) == {1: "C-1"}


def test_little_overlap_is_another_campaign() -> None:
    assert match([_profile("abcd", "wxyz")], {"C-1": _profile("aefg", "uvst")}, 0.3) == {}


@given(st.lists(PROFILES, max_size=6), st.lists(PROFILES, max_size=6))
def test_matching_is_one_to_one_and_reaches_the_threshold(rings: list[Profile], others: list[Profile]) -> None:
    known = {f"C-{at}": other for at, other in enumerate(others)}
    found = match(rings, known, 0.3)
    assert len(set(found.values())) == len(found)
    assert all(overlap(rings[ring], known[campaign]) >= 0.3 for ring, campaign in found.items())


def test_an_id_can_be_said_and_is_the_same_for_the_same_ring_at_the_same_cut() -> None:
    one = new_id("all", 5, [b"a", b"b"], set())
    assert re.fullmatch(r"C-[0-9A-HJKMNP-TV-Z]{8}", one)
    assert one == new_id("all", 5, [b"b", b"a"], set())
    assert len({one, new_id("all", 6, [b"a", b"b"], set()), new_id("b", 5, [b"a", b"b"], set())}) == 3


def test_a_used_id_is_never_given_again() -> None:
    first = new_id("all", 5, [b"a"], set())
    assert new_id("all", 5, [b"a"], {first}) != first
