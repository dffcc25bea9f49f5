"""A durable write leaves nothing or the whole file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.files import durable_write, empty_folder, make_folder


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    folder = tmp_path / "staging"
    folder.mkdir()
    return folder


def write_whole(path: Path) -> None:
    path.write_bytes(b"whole")


def test_the_file_stands_at_its_name_and_staging_is_empty(tmp_path: Path, staging: Path) -> None:
    target = tmp_path / "a" / "b" / "file"
    durable_write(target, write_whole, staging, "segment")
    assert target.read_bytes() == b"whole"
    assert not list(staging.iterdir())


def test_a_failing_writer_leaves_the_old_file(tmp_path: Path, staging: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def fail(path: Path) -> None:
        path.write_bytes(b"ha")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        durable_write(target, fail, staging, "segment")
    assert target.read_bytes() == b"old"


def test_folders_are_made_once(tmp_path: Path) -> None:
    make_folder(tmp_path / "x" / "y")
    make_folder(tmp_path / "x" / "y")
    assert (tmp_path / "x" / "y").is_dir()


def test_a_folder_is_emptied_with_its_folders_but_not_what_links_point_at(tmp_path: Path, staging: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    (staging / "link").symlink_to(kept)
    (staging / "inner").mkdir()
    (staging / "inner" / "file").touch()
    empty_folder(staging)
    assert not list(staging.iterdir())
    assert (kept / "file").exists()
