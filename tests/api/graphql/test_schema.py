"""The schema as text: pinned, described, and changed only so that clients go on working."""

from __future__ import annotations

import re

import pytest
from graphql import build_schema, find_breaking_changes, is_input_object_type, is_interface_type, is_object_type

from api.graphql.schema import sdl
from tests.repository import ROOT

GOLDEN = ROOT / "tests" / "golden" / "schema.graphql"
HOW = "after a change that is meant: .venv/bin/python -m tests.api.graphql.write_golden"


def test_the_schema_is_the_golden_one() -> None:
    assert sdl() == GOLDEN.read_text(encoding="utf-8"), HOW


def test_nothing_that_clients_use_has_gone() -> None:
    changes = find_breaking_changes(build_schema(GOLDEN.read_text(encoding="utf-8")), build_schema(sdl()))
    assert [change.description for change in changes] == []


def test_a_breaking_change_would_be_seen() -> None:
    before = build_schema(sdl())
    for what, other in [("isTruncated: B", "isCut: B"), ("risk: Float!", "risk: Float"), ("DANGEROUS\n", "BAD\n")]:
        assert what in sdl()
        assert find_breaking_changes(before, build_schema(sdl().replace(what, other)))


def test_everything_is_described() -> None:
    missing = []
    for name, kind in build_schema(sdl()).type_map.items():
        if name.startswith("__") or name in ("ID", "String", "Int", "Float", "Boolean"):
            continue
        missing += [] if kind.description else [name]
        if is_object_type(kind) or is_interface_type(kind) or is_input_object_type(kind):
            for field_name, field in kind.fields.items():
                missing += [] if field.description else [f"{name}.{field_name}"]
                for argument_name, argument in getattr(field, "args", {}).items():
                    missing += [] if argument.description else [f"{name}.{field_name}({argument_name}:)"]
    assert missing == []


# What a figure is counted in: a unit, a range, or things by name.
MEASURED = re.compile(
    r"0 to 1|0 to 100|from 1|seconds|calls?\b|Calls?\b|numbers?\b|Numbers|Members|Links?|Victims|Campaigns|alerts"
    r"|Findings|callees|`unit`|Median|Place|Events|Nodes|Edges|Conversation|counted|1 for|How many|Those of them|pairs"
    r"|per day"
)


def test_figures_say_what_they_count() -> None:
    vague = [
        f"{name}.{field_name}: {field.description}"
        for name, kind in build_schema(sdl()).type_map.items()
        if is_object_type(kind) and not name.startswith("__")
        for field_name, field in kind.fields.items()
        if str(field.type).strip("!") in ("Int", "Float") and not MEASURED.search(field.description or "")
    ]
    assert vague == []


@pytest.mark.parametrize("limit", ["1 to 200", "1 to 2000", "0 to 4"])
def test_limits_are_told(limit: str) -> None:
    assert limit in sdl()
