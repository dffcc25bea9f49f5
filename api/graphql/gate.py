"""The gate every GraphQL document passes before it is validated or executed.

Its own work is bounded: the text is scanned once, parsed with a limit on tokens, and each fragment is measured once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    parse,
    value_from_ast_untyped,
)

from api.graphql.lexer import check_size
from api.graphql.measure import Measure, Measurer
from api.graphql.refusal import RefusedError
from configs import ApiSettings
from graph.store.port import MAX_HOPS

MOST_KNOWN, LONGEST_KNOWN = 128, 8_192  # parsed documents kept, and characters of one: bounds memory


@dataclass(frozen=True)
class Passed:
    """A document that may be validated and executed, and which of its operations was asked for."""

    document: DocumentNode
    operation: OperationDefinitionNode

    @property
    def is_subscription(self) -> bool:
        """Whether it asks for a stream."""
        return self.operation.operation is OperationType.SUBSCRIPTION


class Gate:
    """The limits of one schema."""

    def __init__(self, sdl: str, limits: ApiSettings, introspection: bool) -> None:
        self._schema: GraphQLSchema = build_schema(sdl)
        self._limits = limits
        self._introspection = introspection
        # Clients ask the same few documents again and again; strawberry's cache of valid ones rests on these.
        self._parse_known = lru_cache(maxsize=MOST_KNOWN)(_parsed)

    def check(self, query: str, variables: Mapping[str, Any], operation_name: str | None) -> Passed:
        """Give the document where it keeps within the limits; raises RefusedError with the limit that it breaks."""
        check_size(query, self._limits.max_tokens)
        parse_it = self._parse_known if len(query) <= LONGEST_KNOWN else _parsed
        document = parse_it(query, self._limits.max_tokens)
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        operation = _asked(document, operation_name)
        max_sizes = {"first": self._limits.max_page, "limit": self._limits.max_graph_nodes, "maxHops": MAX_HOPS}
        measurer = Measurer(self._schema, fragments, _defaults(operation) | dict(variables), max_sizes)
        # Validation reads all definitions, so all of them are measured, not only what is executed.
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                root = self._schema.get_root_type(definition.operation)
                self._hold(measurer.selection(definition.selection_set, root))
        for name in fragments:
            self._hold(measurer.fragment(name))
        return Passed(document, operation)

    def _hold(self, measure: Measure) -> None:
        limits = self._limits
        if measure.depth > limits.max_depth:
            raise RefusedError("TOO_DEEP", f"A query may nest {limits.max_depth} fields, not {measure.depth}.")
        if measure.fields > limits.max_tokens:
            text = f"A query may stand for {limits.max_tokens} fields once its fragments are written out."
            raise RefusedError("TOO_LARGE", text)
        if measure.aliases > limits.max_aliases:
            raise RefusedError("TOO_MANY_ALIASES", f"A query may have {limits.max_aliases} aliases.")
        if measure.cost > limits.max_cost:
            text = f"A query may cost {limits.max_cost} rows (docs/graphql.md says what costs how many); ask for less."
            raise RefusedError("TOO_COSTLY", text)
        if measure.introspects and not self._introspection:
            raise RefusedError("NO_INTROSPECTION", "Introspection is off; docs/graphql.md has the schema.")


def _parsed(query: str, max_tokens: int) -> DocumentNode:
    try:
        return parse(query, max_tokens=max_tokens)
    except GraphQLError as error:
        raise RefusedError("SYNTAX", error.message) from None


def _asked(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Give the operation to execute: the named one, or the only one."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    asked = operations if name is None else [o for o in operations if o.name and o.name.value == name]
    if len(asked) != 1:
        text = f"there is no operation {name!r}" if name else "name the operation: there must be exactly one to execute"
        raise RefusedError("OPERATION", f"{text[0].upper()}{text[1:]}.")
    return asked[0]


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    given = operation.variable_definitions or ()
    return {d.variable.name.value: value_from_ast_untyped(d.default_value) for d in given if d.default_value}
