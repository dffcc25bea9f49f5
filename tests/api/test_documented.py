"""The pages about the server say what it does: settings, codes, queries."""

from __future__ import annotations

import re

import pytest
from graphql import build_schema as schema_of
from graphql import parse, validate

from api.graphql.gate import Gate
from api.graphql.schema import build_schema, sdl
from configs import ApiSettings, load_settings
from tests.repository import ROOT

GRAPHQL = (ROOT / "docs" / "graphql.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```graphql\n(.*?)```", GRAPHQL, re.DOTALL)
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "api").rglob("*.py")))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("(")[0])
def test_examples_are_questions_of_the_schema(example: str) -> None:
    assert Gate(build_schema().as_str(), load_settings().api, introspection=False).check(example, {}, None)
    assert validate(schema_of(sdl()), parse(example)) == []


def test_every_code_of_a_refusal_is_documented() -> None:
    codes = set(re.findall(r'RefusedError\(\s*"([A-Z_]+)"', CODE))
    codes |= set(re.findall(r'BadQuestionError\(\s*"([A-Z_]+)"', CODE))
    codes |= set(re.findall(r'refusal\(.*?[0-9]{3}, "([A-Z_]+)"', CODE))
    assert {"TOO_DEEP", "BAD_CURSOR", "NO_TOKEN", "BODY_TOO_LONG"} <= codes
    assert {code for code in codes if not re.search(rf"\b{code}\b", GRAPHQL + API)} == set()


def test_every_setting_of_the_server_is_documented() -> None:
    pages = GRAPHQL + API + (ROOT / "configs" / "settings.yaml").read_text(encoding="utf-8")
    assert [name for name in ApiSettings.model_fields if name not in pages] == []
