"""The documentation names every command and variable, and what it points to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer import Typer

from api.cli.app import app
from tests.repository import ROOMS, ROOT, text_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [path for path in text_files() if path.suffix == ".md"]
ALL_PAGES = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


def commands(group: Typer, prefix: str = "") -> list[str]:
    """Give every command below a group as it is typed."""
    found = [f"{prefix}{command.name}" for command in group.registered_commands]
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        found += commands(inner.typer_instance, f"{prefix}{inner.name} ")
    return found


def test_every_command_is_in_the_readme() -> None:
    typed = commands(app)
    assert "jobs show" in typed
    assert [command for command in typed if not re.search(rf"`(?:ringfence )?{command}\b", README)] == []


def test_every_variable_is_documented() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in text_files()
        if path.relative_to(ROOT).parts[0] in (*ROOMS, "tests")
    )
    names = set(re.findall(r"\bRINGFENCE_[A-Z0-9_]+\b", code))
    assert "RINGFENCE_HOME" in names
    assert {name for name in names if not re.search(rf"\b{name}\b", ALL_PAGES)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in PAGES if page.parent == ROOT / "docs"} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_pages_that_the_code_names_are_there() -> None:
    for path in text_files():
        if path.suffix == ".py":
            for page in re.findall(r"\bdocs/[\w-]+\.md\b", path.read_text(encoding="utf-8")):
                assert (ROOT / page).is_file(), f"{path} names {page}"


def test_every_make_target_that_a_page_names_is_there() -> None:
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", ALL_PAGES, re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"setup", "demo", "test", "test-long"} <= named
    assert named <= targets
