"""What a question costs at Shopify, counted the dear way: every object a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    value_from_ast_untyped,
)
from graphql.language import DocumentNode, OperationType

MOST = 1_000
"""Points of the dearest question that is answered at all."""
_MUTATION = 10


class Cost:
    """Counts the points of one document."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._variables = dict(variables)
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._operation = next(
            one for one in document.definitions if isinstance(one, OperationDefinitionNode)
        )

    def points(self) -> float:
        """Return what it costs at most."""
        is_change = self._operation.operation is OperationType.MUTATION
        root = self._schema.mutation_type if is_change else self._schema.query_type
        assert root is not None
        below = self._of(root, self._operation.selection_set)
        return below + (_MUTATION if is_change else 0)

    def _of(self, kind: GraphQLNamedType, chosen: SelectionSetNode | None) -> float:
        return sum(self._field(owner, node) for owner, node in self._fields(kind, chosen))

    def _fields(
        self, kind: GraphQLNamedType, chosen: SelectionSetNode | None
    ) -> Iterator[tuple[GraphQLNamedType, FieldNode]]:
        for node in chosen.selections if chosen else ():
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield kind, node
            elif isinstance(node, InlineFragmentNode):
                named = node.type_condition
                inner = self._schema.type_map[named.name.value] if named else kind
                yield from self._fields(inner, node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                part = self._fragments[node.name.value]
                inner = self._schema.type_map[part.type_condition.name.value]
                yield from self._fields(inner, part.selection_set)

    def _is_included(self, node: Any) -> bool:
        for each in node.directives or ():
            if each.name.value == "include":
                return bool(value_from_ast_untyped(each.arguments[0].value, self._variables))
        return True

    def _field(self, owner: GraphQLNamedType, node: FieldNode) -> float:
        if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
            return 0
        definition = owner.fields.get(node.name.value)
        if definition is None:
            return 0
        kind = get_named_type(definition.type)
        if is_leaf_type(kind):
            return 0
        given = {
            one.name.value: value_from_ast_untyped(one.value, self._variables)
            for one in node.arguments or ()
        }
        count = given.get("first") or given.get("last")
        if kind.name.endswith("Connection"):
            return 2 + self._connection(kind, node, int(count or 250))
        if "first" in definition.args:
            return int(count or 250) * (1 + self._of(kind, node.selection_set))
        return 1 + self._of(kind, node.selection_set)

    def _connection(self, kind: GraphQLNamedType, node: FieldNode, count: int) -> float:
        total = 0.0
        for owner, each in self._fields(kind, node.selection_set):
            times = count if each.name.value in ("nodes", "edges") else 1
            total += times * self._field(owner, each)
        return total


def taken(data: object) -> float:
    """Return what an answer cost in the end: an object a point."""
    if isinstance(data, Mapping):
        return 1 + sum(taken(each) for each in data.values())
    if isinstance(data, list):
        return sum(taken(each) for each in data)
    return 0
