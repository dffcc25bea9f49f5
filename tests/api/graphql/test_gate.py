"""The gate refuses what is too much before anything costs much."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from graphql import build_schema as schema_of
from graphql import parse, validate
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.graphql.gate import Gate
from api.graphql.refusal import RefusedError
from api.graphql.schema import build_schema
from configs import ApiSettings, load_settings
from graph.layout import MOST_NODES

DOCUMENT = Path(__file__).parents[3] / "docs" / "graphql.md"
SDL = build_schema().as_str()
LIMITS = load_settings().api
GATE = Gate(SDL, LIMITS, introspection=False)
CALLS_OF_VALIDATION = 1_500_000  # of Python functions; the worst takes 1,051,477, about a second on a slow machine
STATED_S = 0.3  # what the issue of a hostile query may cost


def refused(query: str, **variables: Any) -> str:
    """Give the code with which the gate refuses, or an empty string."""
    try:
        GATE.check(query, variables, None)
    except RefusedError as error:
        return error.code if str(error).endswith(".") else f"no sentence: {error}"
    return ""


def nested_fragments(count: int) -> str:
    """Give a query whose fragments each spread the next one twice."""
    parts = [f"fragment f{i} on Query {{...f{i + 1} ...f{i + 1}}}" for i in range(count - 1)]
    return " ".join(["{...f0}", *parts, f"fragment f{count - 1} on Query {{__typename}}"])


def deep(levels: int) -> str:
    """Give a query of so many nested fields."""
    return '{lookup(number:"1"){...on PhoneNumber{' + nested("campaign", levels - 1) + "}}}"


def nested(name: str, levels: int) -> str:
    """Give fields of this name inside each other."""
    return "__typename" if levels <= 1 else f"{name}{{{nested(name, levels - 1)}}}"


def numbers(first: str, inside: str = "totalCount") -> str:
    """Give a query for a page of numbers."""
    return f"{{numbers(first: {first}) {{{inside}}}}}"


HOSTILE = {
    "25 nested fragments": (nested_fragments(25), "TOO_LARGE"),
    "120 nested fragments": (nested_fragments(120), "TOO_LARGE"),
    "50 levels": (deep(50), "TOO_DEEP"),
    "brackets only": ("{" * 100_000, "TOO_DEEP"),
    "brackets in arguments": ("{lookup(number: " + "[" * 100_000, "TOO_DEEP"),
    "many tokens": ("{" + "a " * 100_000 + "}", "TOO_LARGE"),
    "many comments": ("#\n" * 100_000, "TOO_LARGE"),
    "an open string": ('{lookup(number:"' + "x" * 250_000, "SYNTAX"),
    "an open block string": ('{lookup(number:"""' + '\\"""' * 60_000, "SYNTAX"),
    "quotes": ('"' * 250_000, "TOO_LARGE"),
    "commas": ("," * 250_000, "SYNTAX"),
    "a huge number": (numbers("9" * 250_000), "PAGE_SIZE"),
    "a fragment of itself": ("{...a} fragment a on Query {...b} fragment b on Query {...a}", "SYNTAX"),
    "binary": ("{\x00}", "SYNTAX"),
    "a lone surrogate": ("{\ud800}", "SYNTAX"),
    "nothing": ("", "SYNTAX"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused_in_time(name: str) -> None:
    query, code = HOSTILE[name]
    began = time.process_time()
    assert refused(query) == code
    assert time.process_time() - began < STATED_S


def test_the_stated_hostile_queries_are_as_stated() -> None:
    assert 700 <= len(nested_fragments(25)) <= 1100
    assert deep(50).count("campaign") == 48


def test_what_passes_is_validated_in_few_steps() -> None:
    """The worst the limits let through: every rule of the language runs over it, a bounded number of times a token."""
    schema = schema_of(SDL)
    worst = ["{" + "__typename " * 900 + "}", "{" + "stats{run} " * 240 + "}", "{" + "...{__typename} " * 190 + "}"]
    for query in worst:
        assert refused(query) == ""
        document = parse(query)
        assert _calls(partial(validate, schema, document)) < CALLS_OF_VALIDATION


def _calls(work: Callable[[], object]) -> int:
    """Count the calls of Python functions within `work`, which are the same on every machine."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("first", "code"), [("1", ""), ("200", ""), ("0", "PAGE_SIZE"), ("201", "PAGE_SIZE"), ("-1", "PAGE_SIZE")]
)
def test_page_sizes(first: str, code: str) -> None:
    assert refused(numbers(first)) == code


@pytest.mark.parametrize("first", [0, 201, -5, 1e9, 201.0])
def test_page_sizes_in_variables(first: float) -> None:
    assert refused("query($n: Int!) {numbers(first: $n) {totalCount}}", n=first) == "PAGE_SIZE"
    assert refused(f"query($n: Int! = {int(first)}) {{numbers(first: $n) {{totalCount}}}}") == "PAGE_SIZE"


@pytest.mark.parametrize("first", [True, None, "7", [1], float("nan"), float("inf")])
def test_what_is_no_page_size_is_left_to_validation(first: object) -> None:
    assert refused("query($n: Int!) {numbers(first: $n) {totalCount}}", n=first) == ""


def test_cost_multiplies_down_and_adds_up_across() -> None:
    inside = "edges {node {neighbours(first: %d) {total}}}"
    assert refused(numbers("200", inside % 25)) == ""
    assert refused(numbers("200", inside % 26)) == "TOO_COSTLY"
    assert refused("{a: numbers(first: 200) {" + inside % 25 + "} numbers(first: 1) {totalCount}}") == "TOO_COSTLY"


def test_a_page_without_a_size_costs_its_default() -> None:
    assert refused("{campaigns {edges {node {members {totalCount} links {totalCount}}}}}") == ""  # 50 × (50 + 50)
    assert refused("{campaigns {edges {node {members {totalCount} graph {totalNodes}}}}}") == "TOO_COSTLY"  # 50 × 250


def test_a_graph_costs_its_nodes() -> None:
    graph = '{graph(roots: ["1"], limit: %d) {... on Graph {totalNodes}}}'
    assert refused(graph % 2000) == ""
    assert refused(graph % 2001) == "PAGE_SIZE"
    twice = " ".join(f"g{i}: " + (graph % 2000)[1:-1] for i in range(3))
    assert refused("{" + twice + "}") == "TOO_COSTLY"


def fifteen(field: str) -> str:
    """Give a query for a field of the root, 15 times."""
    return "{" + " ".join(f"a{i}: {field}" for i in range(15)) + "}"


def test_walks_and_counts_cost_more_than_they_show() -> None:
    counts = "numbers(first: 200) {edges {node {neighbourCounts {total}}}}"
    path = 'path(from: "1", to: "2", maxHops: 1) {... on Path {hops}}'
    shared = 'sharedCallees(numbers: ["1"], first: 1) {... on SharedCallees {total}}'
    for field in (counts, path, shared):
        assert refused("{" + field + "}") == ""
        assert refused(fifteen(field)) == "TOO_COSTLY"


def test_a_drawing_costs_the_nodes_of_its_graph_once_more() -> None:
    graph = '{graph(roots: ["1"], limit: %d) {... on Graph {nodes {id %s}}}}'
    assert refused(graph % (2000, "hop")) == refused(graph % (2000, "x y")) == ""
    for asked in ("x", "y", "x y", "...f"):
        field = (graph % (250, asked))[1:-1]  # 15 x 250 without places
        assert refused(fifteen(field) + " fragment f on GraphNode {x}") == "TOO_COSTLY"
    assert refused(fifteen((graph % (250, "hop"))[1:-1])) == ""


def test_no_graph_has_more_nodes_than_can_be_drawn() -> None:
    shipped = LIMITS.model_dump()
    assert ApiSettings(**{**shipped, "max_graph_nodes": MOST_NODES}).max_graph_nodes == MOST_NODES
    with pytest.raises(ValidationError):
        ApiSettings(**{**shipped, "max_graph_nodes": MOST_NODES + 1})


@pytest.mark.parametrize("query", re.findall(r"```graphql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL))
def test_examples_keep_within_the_limits(query: str) -> None:
    assert refused(query) == ""


def test_cost_in_fragments_counts_each_time() -> None:
    page = "fragment p on PhoneNumber {neighbours(first: 100) {total}}"
    assert refused("{numbers(first: 50) {edges {node {...p}}}} " + page) == ""
    assert refused("{numbers(first: 51) {edges {node {...p}}}} " + page) == "TOO_COSTLY"


def test_depth_and_aliases_at_their_limits() -> None:
    assert refused(deep(12)) == ""
    assert refused(deep(13)) == "TOO_DEEP"
    assert refused("{" + " ".join(f"a{i}: __typename" for i in range(15)) + "}") == ""
    assert refused("{" + " ".join(f"a{i}: __typename" for i in range(16)) + "}") == "TOO_MANY_ALIASES"
    spread = "{stats {...s} ...q ...q} fragment q on Query {stats {...s}}" + " fragment s on Stats {%s}"
    assert refused(spread % " ".join(f"a{i}: run" for i in range(5))) == ""
    assert refused(spread % " ".join(f"a{i}: run" for i in range(6))) == "TOO_MANY_ALIASES"


def test_definitions_that_are_not_executed_are_measured_too() -> None:
    with pytest.raises(RefusedError) as caught:
        GATE.check("query a {__typename} query b " + deep(30), {}, "a")
    assert caught.value.code == "TOO_DEEP"
    assert refused("{__typename} fragment f on Query " + numbers("999")) == "PAGE_SIZE"


def test_the_operation_must_be_clear() -> None:
    two = "query a {__typename} query b {__typename}"
    assert refused(two) == "OPERATION"
    assert refused("fragment f on Query {__typename}") == "OPERATION"
    assert GATE.check(two, {}, "b").operation.name is not None
    with pytest.raises(RefusedError):
        GATE.check(two, {}, "c")


@pytest.mark.parametrize(
    "query",
    [
        "{__schema {types {name}}}",
        '{__type(name: "Query") {name}}',
        "{...f} fragment f on Query {__schema {types {name}}}",
    ],
)
def test_introspection_is_for_development(query: str) -> None:
    assert refused(query) == "NO_INTROSPECTION"
    assert Gate(SDL, LIMITS, introspection=True).check(query, {}, None)


def test_streams_are_told_from_queries() -> None:
    assert GATE.check("subscription {alertStream {__typename}}", {}, None).is_subscription
    assert not GATE.check("{__typename}", {}, None).is_subscription


@given(st.text(alphabet='{}()[]"\\#\n :$@!.,abnumers1-é\ud800', max_size=200))
def test_any_text_is_passed_or_refused(text: str) -> None:
    refused(text)


@given(
    st.lists(
        st.sampled_from(
            ["{", "}", "(", ")", '"x"', '"""', "numbers", "...", "f", "fragment", "on", "Query", ":", "$", "1"]
        ),
        max_size=60,
    )
)
def test_any_row_of_tokens_is_passed_or_refused(tokens: list[str]) -> None:
    refused(" ".join(tokens))


@given(st.integers(1, 6), st.integers(1, 6))
def test_measures_agree_with_writing_the_fragments_out(width: int, levels: int) -> None:
    """Fields are counted as if every fragment were written where it is spread."""
    parts = [f"fragment f{i} on Query {{{f'...f{i + 1} ' * width}}}" for i in range(levels)]
    query = "{...f0} " + " ".join(parts) + f" fragment f{levels} on Query {{__typename}}"
    assert (refused(query) == "TOO_LARGE") == (width**levels > LIMITS.max_tokens)
