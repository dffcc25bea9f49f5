"""Every document of the page fits the schema and passes the gate with the largest sizes that the page asks for."""

from __future__ import annotations

import pytest
from graphql import build_schema, validate
from playwright.sync_api import expect

from api.graphql.gate import Gate
from api.graphql.schema import sdl
from configs import load_settings
from tests.api.dashboard.conftest import OpenPage

pytestmark = pytest.mark.browser
LARGEST = {"first": 200, "members": 100, "limit": 300, "id": "C-1", "number": "+911234567890", "after": None}


def test_every_document_is_valid_and_passes_the_gate(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    expect(page.locator("#campaign-list a")).to_have_count(50)
    documents = page.evaluate("import('/assets/queries.js').then((module) => ({ ...module }))")
    assert set(documents) == {"STATS", "CAMPAIGNS", "CAMPAIGN", "MEMBERS", "LOOKUP", "NUMBER_BY_ID", "ALERT_STREAM"}
    text_of_schema = sdl()
    gate = Gate(text_of_schema, load_settings().api, introspection=False)
    for text in documents.values():
        passed = gate.check(text, LARGEST, None)
        assert validate(build_schema(text_of_schema), passed.document) == []
