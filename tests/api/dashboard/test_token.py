"""A server with access control: the page asks for the token, keeps it in its tab, and sends it both ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from ingest.home import Home
from tests.api.dashboard import world
from tests.api.dashboard.conftest import OpenPage, ServeHome

pytestmark = pytest.mark.browser
TOKEN = "a-token-of-more-than-thirty-two-characters"
REFUSED = "401"  # the browser itself writes refused requests to its console


@pytest.fixture
def guarded_address(tmp_path: Path, serve_home: ServeHome) -> str:
    """Where a home is served to those who have TOKEN."""
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n", encoding="utf-8")
    token.chmod(0o600)
    home = Home(tmp_path / "home").create()
    world.first_run(home)
    return serve_home(home, RINGFENCE_TOKEN_FILE=str(token))


def give(page: Page, token: str) -> None:
    page.get_by_label("Token", exact=True).fill(token)
    page.keyboard.press("Enter")


def test_the_token_is_asked_for_kept_and_sent(guarded_address: str, open_page: OpenPage) -> None:
    page = open_page(guarded_address, expects=REFUSED)
    dialog = page.get_by_role("dialog", name="Access token")
    expect(dialog).to_contain_text("only with an access token")
    give(page, "a wrong one")
    expect(dialog).to_contain_text("refused that token")
    give(page, TOKEN)
    expect(dialog).to_be_hidden()
    expect(page.locator("#campaign-list a")).to_have_count(50)
    expect(page.locator("#stats")).to_contain_text("Dangerous")
    expect(page.locator("#connection-text")).to_have_text("Live")
    assert page.evaluate("[sessionStorage.getItem('ringfence.token'), localStorage.length]") == [TOKEN, 0]
    page.reload()
    expect(page.locator("#campaign-list a")).to_have_count(50)
    expect(page.locator("#connection-text")).to_have_text("Live")
    expect(dialog).to_be_hidden()


def test_without_a_token_nothing_is_shown_and_it_can_be_tried_again(guarded_address: str, open_page: OpenPage) -> None:
    page = open_page(guarded_address, expects=REFUSED)
    dialog = page.get_by_role("dialog", name="Access token")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#campaign-list .fault")).to_contain_text("No access token was given")
    expect(page.locator("#connection-text")).to_contain_text("Not live")
    page.locator("#campaign-list").get_by_role("button", name="Try again").click()
    give(page, TOKEN)
    expect(page.locator("#campaign-list a")).to_have_count(50)
    expect(page.locator("#connection-text")).to_have_text("Live")


def test_a_late_refusal_does_not_open_a_cancelled_dialog_again(guarded_address: str, open_page: OpenPage) -> None:
    page = open_page(guarded_address, expects=REFUSED)
    dialog = page.get_by_role("dialog", name="Access token")
    expect(dialog).to_be_visible()
    held: list[Route] = []
    page.route("**/api/alerts*", lambda route: held.append(route))  # noqa: PLW0108 - the driver marks what it is given
    with page.expect_request("**/api/alerts*"):
        page.reload()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    with page.expect_response("**/api/alerts*"):
        held[0].continue_()
    expect(page.locator("#alerts")).to_contain_text("No access token was given")
    expect(dialog).to_be_hidden()
