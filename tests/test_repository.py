"""What no file of the project may hold, and what every file must."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.repository import ROOT, python_files, text_files

FORBIDDEN = {
    "path of a machine": re.compile(r"(?<![\w.}/-])/(?:home|Users|root|work)/\w|\b[A-Z]:\\+Users", re.ASCII),
    "mark of unfinished work": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b"),
    "address of a registry": re.compile(r"pypi\.org|pythonhosted\.|repo1?\.maven|registry\.npmjs|/simple/?\b"),
    "merge conflict": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
}
NAMELESS = {"utils", "util", "helpers", "common", "core", "manager", "misc"}
IGNORE = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma: no cover|pyright)")
REASONED = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\]|pragma: no cover)(?: {2}#| -) \w")
THIS = Path(__file__)


def name(path: Path) -> str:
    """Give a path as the project knows it."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = []
    for path in text_files():
        if path != THIS and FORBIDDEN[what].search(path.read_bytes().decode("utf-8", errors="replace")):
            found.append(name(path))
    assert found == []


@pytest.mark.parametrize(
    ("what", "sample"),
    [("path of a machine", "cd /home/someone"), ("mark of unfinished work", "# TO" + "DO: later")],
)
def test_the_search_finds_what_it_is_for(what: str, sample: str) -> None:
    assert FORBIDDEN[what].search(sample)


def test_files_are_named_after_what_they_hold() -> None:
    assert [name(path) for path in text_files() if NAMELESS & set(path.relative_to(ROOT).with_suffix("").parts)] == []


def test_every_ignore_has_a_code_and_a_reason() -> None:
    bare = [
        f"{name(path)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if path != THIS and IGNORE.search(line) and not REASONED.search(line)
    ]
    assert bare == []


def test_tests_are_packages() -> None:
    folders = {path.parent for path in python_files() if path.is_relative_to(ROOT / "tests")}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_files_end_with_one_newline() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in python_files()}
    assert [name(path) for path, text in texts.items() if text and (text[-1:] != "\n" or text[-2:] == "\n\n")] == []
