"""Keys that a file holds more than once are found, however few are looked at together."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from ingest.lake.record_keys import repeated_keys

# Halves that agree in one part only, and keys that end in zeros: all of them are different keys.
HALVES = st.sampled_from([bytes(8), b"\1" + bytes(7), bytes(7) + b"\1", b"\xff" * 8])
KEYS = st.tuples(HALVES, HALVES).map(b"".join)


@given(st.lists(KEYS, max_size=40), st.integers(1, 10))
def test_repeated_keys_are_those_that_are_counted_twice(keys: list[bytes], at_once: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        path.write_bytes(b"".join(keys))
        found = repeated_keys(path, at_once)
        wanted = sorted(key for key, count in Counter(keys).items() if count > 1)
        assert [key.ljust(16, b"\0") for key in found.tolist()] == wanted
