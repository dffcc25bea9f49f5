"""What is given out by name, without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import api.dashboard
from api.dashboard import ASSETS, CONTENT_SECURITY_POLICY, asset

FOLDER = Path(api.dashboard.__file__).parent


def test_the_list_names_every_file_of_the_page_and_no_other() -> None:
    there = {path.name for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".py"}
    assert set(ASSETS) == there


@pytest.mark.parametrize("name", ["../__init__.py", "__init__.py", "/etc/passwd", "", "app.js/", "APP.JS", "%2e%2e/x"])
def test_a_name_outside_of_the_list_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        asset(name)


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_an_asset_is_text_with_its_type(name: str) -> None:
    content, media_type = asset(name)
    assert content.decode("utf-8").strip()
    assert media_type == ASSETS[name]


@pytest.mark.parametrize("name", [name for name in sorted(ASSETS) if name.endswith(".js")])
def test_scripts_import_only_scripts_of_the_page_and_never_write_markup(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", asset(name)[0].decode("utf-8"), flags=re.DOTALL)  # types stand in comments
    imported = re.findall(r'from "([^"]+)"', text)
    assert all(path.removeprefix("./") in ASSETS for path in imported)
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "import(",
    ):
        assert forbidden not in text


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere() -> None:
    text = asset("index.html")[0].decode("utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text)
    assert all(path.startswith(("assets/", "#")) for path in re.findall(r'(?:src|href)="([^"]+)"', text))


def test_the_policy_allows_own_files_only() -> None:
    allowed = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == allowed["style-src"] == allowed["connect-src"] == "'self'"
    assert not re.search(r"unsafe|\*|http", CONTENT_SECURITY_POLICY)
