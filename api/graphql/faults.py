"""What of an error leaves the house: rules that were broken are told, faults of ours get a code and a request id.

Strawberry's own `MaskErrors` cannot tell the two apart, and its default logs both.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from api.graphql.asked import Asked, DeadlineError
from api.reads import BadQuestionError

_log = logging.getLogger("ringfence.graphql")


class SayFaults(MaskErrors):
    """Replaces every error that something other than GraphQL raised; validation messages pass."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=is_ours)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """Give what is told instead."""
        code, message = _told(error.original_error)
        extensions = {"code": code}
        asked = self.execution_context.context
        if code == "INTERNAL" and isinstance(asked, Asked):
            extensions["requestId"] = asked.request_id
        return GraphQLError(message, nodes=error.nodes, path=error.path, extensions=extensions)


def is_ours(error: GraphQLError) -> bool:
    """Whether something of ours raised it, and not GraphQL itself."""
    return error.original_error is not None and not isinstance(error.original_error, GraphQLError)


def log_faults(errors: Iterable[GraphQLError], request_id: str) -> None:
    """Write faults into the log, with their traces; questions that were put wrongly are none."""
    for error in errors:
        if is_ours(error) and not isinstance(error.original_error, BadQuestionError | DeadlineError):
            _log.error("request %s: %s", request_id, error.path, exc_info=error.original_error)


def _told(cause: Exception | None) -> tuple[str, str]:
    if isinstance(cause, BadQuestionError):
        return cause.code, str(cause)
    if isinstance(cause, DeadlineError):
        return "TIMEOUT", "The answer took too long; ask for less."
    return "INTERNAL", "Something went wrong on the server; its log says what, under the request id."
