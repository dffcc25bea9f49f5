"""Opaque ids tell nothing, stay the same, and lead back."""

from __future__ import annotations

import base64
import hashlib
import shutil
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.ids import Ids, NumberIndex
from ingest.home import Home

NUMBER = "+919810000001"


def test_the_key_is_made_once_and_for_its_owner_only(home: Home) -> None:
    first = Ids.of(home).of_number("generic", NUMBER)
    assert Ids.of(home).of_number("generic", NUMBER) == first
    assert (home.root / "id.key").stat().st_mode & 0o777 == 0o600
    assert list(home.staging.iterdir()) == []
    assert [path.name for path in home.root.glob("*id*")] == ["id.key"]


def test_the_key_is_made_while_staging_is_swept(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever ingests empties staging whenever it likes, also just before the key is given its name."""

    def swept(handle: int) -> None:
        shutil.rmtree(home.staging, ignore_errors=True)  # called again for the folder

    monkeypatch.setattr("api.ids.os.fsync", swept)
    made = Ids.of(home).of_number("generic", NUMBER)
    assert Ids.of(home).of_number("generic", NUMBER) == made


def test_two_who_make_the_key_at_once_get_the_same(home: Home) -> None:
    made: list[str] = []
    barrier = threading.Barrier(8)

    def make() -> None:
        barrier.wait()
        made.append(Ids.of(home).of_number("generic", NUMBER))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_another_home_has_other_ids() -> None:
    assert Ids(b"a" * 32).of_number("generic", NUMBER) != Ids(b"b" * 32).of_number("generic", NUMBER)


def test_an_id_is_neither_the_number_nor_a_bare_hash_nor_base64_of_it() -> None:
    shown = Ids(b"a" * 32).of_number("generic", NUMBER)
    assert NUMBER.strip("+") not in shown
    for text in (NUMBER, f"generic{NUMBER}", f"generic\x01{NUMBER}", f"number\x01generic\x01{NUMBER}"):
        for name in hashlib.algorithms_guaranteed - {"shake_128", "shake_256"}:
            assert hashlib.new(name, text.encode()).hexdigest()[:32] not in shown
        assert hashlib.blake2b(text.encode(), digest_size=16).hexdigest() not in shown
        assert base64.b64encode(text.encode()).decode().rstrip("=") not in shown


def test_operator_is_part_of_the_identity() -> None:
    ids = Ids(b"a" * 32)
    assert ids.of_number("a", NUMBER) != ids.of_number("b", NUMBER)
    assert ids.of_number("a", "b1") != ids.of_number("ab", "1")


@given(st.sets(st.integers(0, 10**15), max_size=60))
def test_every_id_leads_back_and_no_other_does(places: set[int]) -> None:
    numbers = sorted(f"+{place}" for place in places)
    ids = Ids(b"k" * 32)
    index = NumberIndex(ids, ["generic"] * len(numbers), numbers)
    assert [index.node_of(ids.of_number("generic", number)) for number in numbers] == list(range(len(numbers)))
    assert index.node_of(ids.of_number("other", "+1")) is None
    assert index.heads.dtype == np.uint64


@given(st.text(max_size=50))
def test_what_is_no_id_leads_nowhere(text: str) -> None:
    assert NumberIndex(Ids(b"k" * 32), ["generic"], [NUMBER]).node_of(text) is None


def test_an_alert_is_shown_under_another_id_than_its_own() -> None:
    ids = Ids(b"a" * 32)
    assert "0123456789abcdef" not in ids.of_alert("A-0123456789abcdef")
    assert ids.of_alert("A-1") != ids.of_alert("A-2")
