"""Chromium, a served home, and pages that must not complain."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from ingest.home import Home
from tests.api.dashboard import world
from tests.benchmarks.serving import serving

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PATIENCE_MS = 20_000

OpenPage = Callable[..., Page]
ServeHome = Callable[..., str]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, once for all tests here; ended with them, for its event loop must not meet other tests'."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("these tests need Chromium: install Debian's package `chromium`")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Where a home with world.RINGS is served; tests only read it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        world.first_run(home)
        with serving(home.root) as address:
            yield address


@pytest.fixture
def serve_home() -> Iterator[ServeHome]:
    """Serves homes of this test's own until its end."""
    with ExitStack() as stack:
        yield lambda home, **environment: stack.enter_context(serving(home.root, environment=environment))


@pytest.fixture
def open_page(browser: Browser, serve_home: ServeHome) -> Iterator[OpenPage]:
    """Opens pages; at the end none may have complained on its console, about its policy above all.

    It comes after `serve_home`, so that pages are closed before their server is.
    """
    complaints: list[str] = []
    expected: list[str] = []

    def opened(address: str, *, viewport: ViewportSize = DESKTOP, scheme: str = "light", expects: str = "") -> Page:
        context = browser.new_context(viewport=viewport, color_scheme="dark" if scheme == "dark" else "light")
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if expects:
            expected.append(expects)
        page.goto(address)
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert [text for text in complaints if not any(known in text for known in expected)] == []
