"""Rows of plain attributes, read all at once; a few are worked out by a method.

A graph answer holds over ten thousand fields. GraphQL's executor spends about 5 µs on each (a path, an info object, a
resolver, a completion), all to read an attribute; for rows that are nothing else, this reads them in one step instead.
What is asked for, and under which names, is still GraphQL's own to say: aliases, fragments, @skip and @include.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from graphql import GraphQLObjectType, is_enum_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.graphql.graphs import GraphEdge, GraphNode

PLAIN_TYPES = frozenset({GraphNode.__name__, GraphEdge.__name__})


@dataclass(frozen=True)
class Plan:
    """How rows of one selection are read: the attributes behind the fields, in order, and which of them are more.

    `called` are worked out by a method that takes nothing, `enums` are given by name.
    """

    names: Sequence[str]
    attributes: Callable[[Any], tuple[Any, ...]]
    enums: Sequence[str]
    called: Sequence[str]

    def row(self, source: object) -> dict[str, Any]:
        """Read one row."""
        row = dict(zip(self.names, self.attributes(source), strict=True))
        for name in self.enums:
            row[name] = row[name].name
        for name in self.called:
            row[name] = row[name]()
        return row


class PlainRows(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor, with the short way for rows of PLAIN_TYPES."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[int, tuple[Any, Plan]] = {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Give the fields of one object."""
        if parent_type.name not in PLAIN_TYPES:
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        known = self._plans.get(id(grouped_field_set))
        if known is None:
            # The selection is kept beside its plan, so that its id cannot be given to another one.
            known = self._plans[id(grouped_field_set)] = (grouped_field_set, _plan(parent_type, grouped_field_set))
        return known[1].row(source_value)


def _plan(parent_type: GraphQLObjectType, selection: Any) -> Plan:
    names, attributes, enums, called = [], [], [], []
    for name, asked in selection.items():
        field_name = asked[0].node.name.value
        names.append(name)
        if field_name == "__typename":
            attributes.append("__class__.__name__")
            continue
        field = parent_type.fields[field_name]
        definition = field.extensions["strawberry-definition"]
        attributes.append(definition.python_name)
        if definition.base_resolver is not None:
            called.append(name)
        if is_enum_type(getattr(field.type, "of_type", field.type)):
            enums.append(name)
    read = attrgetter(*attributes)
    return Plan(names, read if len(attributes) > 1 else lambda source: (read(source),), enums, called)
