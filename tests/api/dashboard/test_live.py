"""The page stays up to date by the subscription, through breaks, without a reload."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from ingest.home import Home
from tests.api.dashboard import world
from tests.api.dashboard.conftest import OpenPage, ServeHome
from tests.benchmarks.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with world.RINGS in which this test may commit further runs."""
    home = Home(tmp_path / "home").create()
    world.first_run(home)
    return home


@pytest.fixture
def own_address(home: Home, serve_home: ServeHome) -> str:
    """Where that home is served."""
    return serve_home(home)


def wait_until_live(page: Page) -> None:
    expect(page.locator("#connection-text")).to_have_text("Live")


def test_a_new_alert_appears_without_a_reload_and_takes_no_focus(
    home: Home, own_address: str, open_page: OpenPage
) -> None:
    page = open_page(f"{own_address}/#campaign={world.MIXED.id}")
    expect(page.locator(".ring-picture .node")).to_have_count(17)
    page.evaluate("window.sameDocument = true")
    held = page.locator(f'#campaign-list a[data-id="{world.MIXED.id}"]')
    held.focus()
    wait_until_live(page)
    expect(page.locator("#alert-list")).to_contain_text("No alert yet")
    title = world.second_run(home)
    alert = page.locator("#new-alerts li")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text(title)
    expect(alert).to_contain_text("high")
    expect(page.locator("#announcements")).to_contain_text(f"1 new alert. {title}")
    expect(page.locator("#campaign-list a").first).to_contain_text(world.LATE.name)
    expect(page.locator("#stats")).to_contain_text(f"{len(world.RINGS) + 1} active now")
    expect(held).to_be_focused()
    expect(held).to_have_attribute("aria-current", "true")
    expect(page.locator("#campaign-heading")).to_have_text(world.MIXED.name)
    assert page.evaluate("window.sameDocument") is True
    alert.get_by_role("button", name=world.LATE.members[0]).click()
    expect(page.locator("#number .facts")).to_contain_text(world.FACT)


def test_after_a_break_nothing_is_missed_or_doubled(home: Home, own_address: str, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket("**/graphql", pass_on)
    page.goto(own_address)
    titles = page.locator("#new-alerts .title")
    wait_until_live(page)
    world.another_alert(home, "r2", "before the break")
    expect(titles).to_have_text(["before the break"])
    sockets[-1].close(code=1012, reason="the test cuts the line")
    expect(page.locator("#connection-text")).to_contain_text("Not live")
    world.another_alert(home, "r3", "during the break")
    wait_until_live(page)
    assert len(sockets) == 2
    world.another_alert(home, "r4", "after the break")
    expect(titles).to_have_text(["after the break", "during the break", "before the break"])


def test_alerts_from_before_are_listed_too(home: Home, own_address: str, open_page: OpenPage) -> None:
    title = world.second_run(home)
    page = open_page(own_address)
    expect(page.locator("#earlier-alerts .title")).to_have_text([title])
    expect(page.locator("#alerts-count")).to_have_text("0 new since this page was opened")
    wait_until_live(page)
    world.another_alert(home, "r3", "while it was open")
    expect(page.locator("#alert-list .title")).to_have_text(["while it was open", title])
    page.locator("#earlier-alerts summary").click()
    expect(page.locator("#earlier-alerts details")).to_contain_text("It reached 4 numbers")


def test_lost_events_are_said(address: str, open_page: OpenPage) -> None:
    page = open_page("about:blank")

    def lose_some(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        item = '{"__typename":"Discontinuity","from":3,"to":9,"dropped":7}'
        lost = '{"id":"1","type":"next","payload":{"data":{"alertStream":' + item + "}}}"

        def from_server(message: str | bytes) -> None:
            socket.send(message)
            if "connection_ack" in str(message):
                socket.send(lost)

        server.on_message(from_server)

    page.route_web_socket("**/graphql", lose_some)
    page.goto(address)
    expect(page.locator("#alert-list")).to_contain_text("7 events between no. 3 and no. 9 could not be delivered")


def test_a_break_without_a_place_to_resume_from_is_said(address: str, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket("**/graphql", pass_on)
    page.goto(address)
    wait_until_live(page)
    sockets[-1].close(code=1012, reason="the test cuts the line")
    expect(page.locator("#connection-text")).to_contain_text("Not live")
    wait_until_live(page)
    expect(page.locator("#alert-list")).to_contain_text("alerts raised meanwhile may be missing here")


def test_before_the_first_run_the_page_says_what_to_do(
    tmp_path: Path, serve_home: ServeHome, open_page: OpenPage
) -> None:
    home = Home(tmp_path / "empty").create()
    page = open_page(serve_home(home))
    expect(page.locator("#stats")).to_contain_text("No run yet")
    expect(page.locator("#stats")).to_contain_text("ringfence run PATH")
    expect(page.locator("#campaign-list")).to_contain_text("No campaign in this window")
    wait_until_live(page)
    title = world.second_run(home)
    expect(page.locator("#alert-list")).to_contain_text(title)
    expect(page.locator("#campaign-list a")).to_have_count(50)
    expect(page.locator("#stats")).to_contain_text("active now")


def test_a_server_that_is_away_is_said_and_can_be_tried_again(home: Home, open_page: OpenPage) -> None:
    with serving(home.root) as address:
        page = open_page(address, expects="ERR_CONNECTION_REFUSED")
        expect(page.locator("#campaign-list a")).to_have_count(50)
    expect(page.locator("#connection-text")).to_contain_text("Not live")
    page.get_by_label("Fraud type").select_option("wangiri")
    fault = page.locator("#campaign-list .fault")
    expect(fault).to_contain_text("cannot be reached")
    fault.get_by_role("button", name="Try again").click()
    expect(fault).to_contain_text("cannot be reached")
