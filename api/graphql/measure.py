"""What a GraphQL operation would cost, counted once a fragment however often it is spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from api.graphql.refusal import RefusedError

PAGE_ARGUMENTS = ("first", "limit", "maxHops")  # how many rows, nodes of a graph, or steps of a path a field gives
INTROSPECTION = ("__schema", "__type")
WEIGHTS = {  # rows that a field costs beside what its page gives: it looks at far more of the graph than it shows
    ("Query", "path"): 500,
    ("Query", "sharedCallees"): 500,
    ("PhoneNumber", "neighbourCounts"): 20,
}
PLACES = (("GraphNode", "x"), ("GraphNode", "y"))  # a drawing of all nodes of the graph, once


@dataclass(frozen=True)
class Measure:
    """Size of a selection with every fragment written out.

    depth of nested fields; fields and aliases; cost: rows at most, the product of page sizes down each path, and
    WEIGHTS, summed; draws: whether the graph that it is of has to be drawn, which costs its nodes once more.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    cost: int = 0
    introspects: bool = False
    draws: bool = False


class Measurer:
    """Measures the operations of one document with the variables it came with."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        max_sizes: Mapping[str, int],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._max_sizes = max_sizes  # by page argument
        self._measured: dict[str, Measure | None] = {}  # None: being measured, further up

    def selection(self, selections: SelectionSetNode, parent: GraphQLNamedType | None) -> Measure:
        """Measure a selection on `parent` (None: a type that the schema does not know; validation will say so)."""
        return _sum(self._one(node, parent) for node in selections.selections)

    def fragment(self, name: str) -> Measure:
        """Measure a fragment; raises RefusedError when it spreads itself."""
        if name in self._measured:
            known = self._measured[name]
            if known is None:
                raise RefusedError("SYNTAX", f"Fragment {name} spreads itself.")
            return known
        if name not in self._fragments:
            return Measure()  # validation says so
        self._measured[name] = None
        definition = self._fragments[name]
        measured = self.selection(definition.selection_set, self._type(definition.type_condition.name.value))
        self._measured[name] = measured
        return measured

    def _one(self, node: Any, parent: GraphQLNamedType | None) -> Measure:
        if isinstance(node, FragmentSpreadNode):
            return self.fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return self.selection(node.selection_set, self._type(condition.name.value) if condition else parent)
        assert isinstance(node, FieldNode), "a selection is a field or a fragment"
        return self._field(node, parent)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Measure:
        name = node.name.value
        aliases = int(node.alias is not None)
        if name in INTROSPECTION:  # its own depth says nothing about the data
            return Measure(1, 1, aliases, 0, introspects=True)
        field = getattr(parent, "fields", {}).get(name)
        if node.selection_set is None:
            return Measure(1, 1, aliases, 0, draws=_name(parent, name) in PLACES)
        below = self.selection(node.selection_set, get_named_type(field.type) if field else None)
        size = self._page_size(node, field)
        cost = below.cost if size is None else size * (max(1, below.cost) + below.draws)
        cost += WEIGHTS.get(_name(parent, name), 0)
        draws = below.draws and size is None
        return Measure(below.depth + 1, below.fields + 1, below.aliases + aliases, cost, below.introspects, draws)

    def _page_size(self, node: FieldNode, field: GraphQLField | None) -> int | None:
        """Give how many rows a field gives at most, or None for a field without pages; raises RefusedError."""
        argument = next((name for name in PAGE_ARGUMENTS if field and name in field.args), None)
        if field is None or argument is None:
            return None
        given = next((a.value for a in node.arguments or () if a.name.value == argument), None)
        size = self._integer(given) if given is not None else None
        if size is None:
            size = _default(field.args[argument])
        if not 1 <= size <= self._max_sizes[argument]:
            bounds = f"1 to {self._max_sizes[argument]}"
            raise RefusedError("PAGE_SIZE", f"{node.name.value}({argument}:) may be {bounds}, not {size}.")
        return size

    def _integer(self, value: ValueNode) -> int | None:
        """Give an Int argument, or None where it is not one and the default or validation decides."""
        if isinstance(value, VariableNode):
            return _whole(self._variables.get(value.name.value))
        if not isinstance(value, IntValueNode):
            return None
        return int(value.value) if len(value.value) < 12 else 10**12  # beyond every limit, without a huge conversion

    def _type(self, name: str) -> GraphQLNamedType | None:
        return self._schema.type_map.get(name)


def _name(parent: GraphQLNamedType | None, field: str) -> tuple[str, str]:
    return (parent.name if parent else "", field)


def _whole(given: object) -> int | None:
    """Give a variable's value where it passes for an Int: 5 does, and 5.0, but not true."""
    if isinstance(given, float):
        return int(given) if given.is_integer() else None
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _default(argument: GraphQLArgument) -> int:
    default = argument.default.literal if argument.default else None
    assert isinstance(default, IntValueNode), "every page argument of the schema has a default"
    return int(default.value)


def _sum(parts: Iterable[Measure]) -> Measure:
    depth = fields = aliases = cost = 0
    introspects = draws = False
    for part in parts:
        depth = max(depth, part.depth)
        fields += part.fields
        aliases += part.aliases
        cost += part.cost
        introspects = introspects or part.introspects
        draws = draws or part.draws
    return Measure(depth, fields, aliases, cost, introspects, draws)
