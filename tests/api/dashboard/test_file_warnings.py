"""A file of which too many rows were dead stands in the list of alerts, as text whatever its name."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.api.dashboard.conftest import OpenPage

pytestmark = pytest.mark.browser

WARNING = {
    "__typename": "IngestWarning",
    "seq": 7,
    "message": "<b>a</b>.csv: 2 of 3 rows were no calls (66.7%): the mapping may not fit the file.",
    "takenAt": "2026-05-01T00:00:00Z",
}


def test_a_warning_of_a_file_is_listed(address: str, open_page: OpenPage) -> None:
    page = open_page("about:blank")

    def warn(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        item = json.dumps({"id": "1", "type": "next", "payload": {"data": {"alertStream": WARNING}}})

        def from_server(message: str | bytes) -> None:
            socket.send(message)
            if "connection_ack" in str(message):
                socket.send(item)

        server.on_message(from_server)

    page.route_web_socket("**/graphql", warn)
    page.goto(address)
    listed = page.locator("#alert-list")
    expect(listed).to_contain_text(str(WARNING["message"]))
    expect(listed).to_contain_text("ringfence deadletters replay")
