from __future__ import annotations

from itertools import count

from detectors.campaigns.names import name_for


def test_a_name_is_two_words_and_always_the_same() -> None:
    name = name_for("C-7K3QF2M9", set())
    assert name == name_for("C-7K3QF2M9", set())
    assert len(name.split()) == 2
    assert name.istitle()


def test_a_taken_name_is_not_given_again() -> None:
    taken: set[str] = set()
    for at in range(200):
        taken.add(name_for(f"C-{at % 3}", taken))
    assert len(taken) == 200


def test_when_all_pairs_are_taken_names_are_numbered() -> None:
    taken: set[str] = set()
    campaigns = (f"C-{at}" for at in count())
    while len(taken) < 64 * 64:
        taken.add(name_for(next(campaigns), set()))
    assert name_for("C-1", taken).endswith(" 2")
