"""A file that is not what was written is found, wherever it differs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from ingest.lake.checksums import checksum_of, fault_of, quick_fault_of


def flip(path: Path, place: int, bit: int = 0) -> None:
    """Change one bit of a file where it lies."""
    with path.open("r+b") as file:
        file.seek(place)
        (value,) = file.read(1)
        file.seek(place)
        file.write(bytes([value ^ 1 << bit]))


def test_what_was_written_is_well(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"calls")
    assert fault_of(path, 5, checksum_of(path)) is None
    assert fault_of(path, 5, None) is None


def test_missing_and_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert quick_fault_of(path, 5) == fault_of(path, 5, None) == "it is missing"
    path.write_bytes(b"call")
    assert quick_fault_of(path, 5) == fault_of(path, 5, None) == "it has 4 bytes instead of 5"


@given(st.binary(min_size=1, max_size=300), st.data())
def test_every_flipped_bit_is_found_and_its_mending_too(content: bytes, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(content)
        checksum = checksum_of(path)
        place, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
        assert fault_of(path, len(content), checksum) is None
        flip(path, place, bit)
        assert fault_of(path, len(content), checksum) == "its content is not what was written (checksum)"
        flip(path, place, bit)
        assert fault_of(path, len(content), checksum) is None
