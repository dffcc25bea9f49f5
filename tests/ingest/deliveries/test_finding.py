"""Files, folders, patterns and standard input become files, each of them once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.deliveries.finding import Found, Source, find
from ingest.deliveries.kinds import Naming

NAMING = Naming(left_out=("truth_*",))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def found(*names: str, naming: Naming = NAMING) -> Found:
    return find([Path(name) for name in names], naming)


def names(found: Found) -> list[str]:
    assert [source.fault for source in found.sources] == [None] * len(found.sources)
    return [source.name for source in found.sources]


def fault(found: Found) -> str:
    (source,) = found.sources
    assert source.fault is not None
    return source.fault


def test_folders_are_walked_in_order_and_other_files_passed_over() -> None:
    taken = ["b.csv", "a.csv.gz", "c.parquet", "sub/d.CSV", "e.jsonl.zst", "f.zip"]
    others = ["truth_x.csv", ".hidden.csv", "notes.txt", "e.gz", "README.md", "cdr_1"]
    touch(*(f"in/{name}" for name in (*taken, *others)))
    all_ = found("in", "in/notes.txt")
    assert names(all_) == [f"in/{name}" for name in sorted(taken)] + ["in/notes.txt"]
    assert all_.passed_over == [f"in/{name}" for name in sorted(others)]


def test_a_mapping_with_a_format_takes_names_that_say_nothing() -> None:
    touch(
        "in/cdr_1", "in/Master.csv.1", "in/x.log.gz", "in/y.cdr", "in/z.txt", "in/readme.md", "in/.hidden", "in/t.pdf"
    )
    all_ = found("in", naming=Naming(fallback="csv"))
    assert names(all_) == ["in/Master.csv.1", "in/cdr_1", "in/x.log.gz", "in/y.cdr", "in/z.txt"]
    assert names(found("in", naming=Naming(fixed=True))) == ["in/z.txt"]


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("cdr/2026-*/**/*.csv", ["cdr/2026-05/b.csv", "cdr/2026-05/x/y/c.csv", "cdr/2026-06/d.csv"]),
        ("cdr/2026-0[6-9]", ["cdr/2026-06/d.csv"]),
        ("cdr/?025*/*", ["cdr/2025-12/a.csv", "cdr/2025-12/notes.md"]),
        ("cdr/**/.hid*", ["cdr/2026-05/.hidden.csv"]),
        ("*/2026-06/*", ["cdr/2026-06/d.csv"]),
    ],
)
def test_patterns(here: Path, pattern: str, matches: list[str]) -> None:
    touch("cdr/2025-12/a.csv", "cdr/2025-12/notes.md", "cdr/2026-05/b.csv", "cdr/2026-05/x/y/c.csv")
    touch("cdr/2026-05/.hidden.csv", "cdr/2026-05/.git/z.csv", "cdr/2026-06/d.csv")
    assert names(found(pattern)) == matches
    assert names(found(f"{here}/{pattern}")) == [f"{here}/{match}" for match in matches]


def test_a_file_whose_name_looks_like_a_pattern() -> None:
    touch("a[1].csv", "a1.csv")
    assert names(found("a[1].csv")) == ["a[1].csv"]


@pytest.mark.parametrize("pattern", ["no/*.csv", "**a/*.csv", "[", "*" * 300, "x" * 300 + "*"])
def test_a_pattern_without_matches_is_a_fault(pattern: str) -> None:
    assert "nothing matches" in fault(found(pattern))


def test_what_is_not_there_is_a_fault_and_the_others_are_found() -> None:
    touch("a.csv")
    all_ = found("nowhere.csv", "a.csv")
    assert [source.name for source in all_.sources] == ["nowhere.csv", "a.csv"]
    assert "no such file" in str(all_.sources[0].fault)
    assert all_.sources[1].fault is None


def test_what_is_reached_twice_is_taken_once() -> None:
    touch("in/a.csv", "in/sub/b.csv")
    Path("in/link.csv").symlink_to("a.csv")
    Path("other").symlink_to("in")
    assert names(found("in/a.csv", "in/a.csv", "./in/../in/a.csv", "in", "other", "in/*.csv")) == [
        "in/a.csv",
        "in/sub/b.csv",
    ]


def test_circles_of_links_end() -> None:
    touch("in/a.csv", "in/x/b.csv")
    for place in ("in/one", "in/two", "in/x/three"):
        Path(place).symlink_to(Path("in").resolve())
    assert names(found("in")) == ["in/a.csv", "in/x/b.csv"]
    assert len(found("in/**/*.csv").sources) == 2


def test_links_to_folders_are_followed() -> None:
    touch("store/a.csv")
    Path("in").mkdir()
    Path("in/link").symlink_to(Path("store").resolve())
    assert names(found("in")) == ["in/link/a.csv"]


def test_a_folder_without_files_is_a_fault_however_it_is_called() -> None:
    Path("x.csv").mkdir()
    assert "no CDR files" in fault(found("x.csv"))
    touch("x.csv/notes.md")
    assert "no CDR files" in fault(found("x.csv"))
    assert found("x.csv").passed_over == ["x.csv/notes.md"]


@pytest.fixture
def deep(here: Path) -> Iterator[Path]:
    """A file under more folders than Python recurses; taken away here, since `shutil.rmtree` does recurse."""
    depth = 1200
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    touch("a.csv")
    os.chdir(here)
    yield Path("d")
    for level in range(depth, 0, -1):
        folder = Path(*["d"] * level)
        if level == depth:
            (folder / "a.csv").unlink()
        folder.rmdir()


def test_a_deep_folder_is_walked(deep: Path) -> None:
    assert len(found(str(deep)).sources) == 1


def test_a_folder_that_goes_away_or_may_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    touch("in/a.csv", "in/locked/b.csv")
    iterdir = Path.iterdir

    def refusing(folder: Path) -> object:  # root, as which tests may run, may read everything
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied")
        return iterdir(folder)

    monkeypatch.setattr(Path, "iterdir", refusing)
    all_ = found("in")
    assert [(source.name, source.fault is None) for source in all_.sources] == [
        ("in/a.csv", True),
        ("in/locked", False),
    ]


def test_standard_input_is_taken_once() -> None:
    assert found("-", "-").sources == [Source("-", Path("-"))]


def test_files_of_a_folder_that_cannot_be_files_are_not_lost(tmp_path: Path) -> None:
    os.mkfifo("pipe.csv")
    Path("broken.csv").symlink_to("nowhere")
    assert names(found(str(tmp_path))) == [f"{tmp_path}/broken.csv", f"{tmp_path}/pipe.csv"]
