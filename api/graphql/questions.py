"""GraphQL questions: read from JSON, let through the gate, answered in a thread."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from api.graphql.asked import Asked
from api.graphql.gate import Gate, Passed
from api.graphql.refusal import RefusedError
from api.graphql.schema import Schema
from api.live.alerts import AlertStream
from api.reads import Reads


@dataclass(frozen=True)
class Question:
    """A document, the values of its variables, and which of its operations is meant."""

    query: str
    variables: Mapping[str, Any]
    operation: str | None


@dataclass(frozen=True)
class Answer:
    """What is sent back: JSON, and whether the question was understood at all."""

    body: bytes
    understood: bool


@dataclass(frozen=True)
class Desk:
    """Where GraphQL questions are answered."""

    schema: Schema
    gate: Gate
    reads: Reads
    stream: AlertStream
    timeout_s: float

    def passed(self, question: Question) -> Passed:
        """Let a question through the gate; raises RefusedError."""
        return self.gate.check(question.query, question.variables, question.operation)

    def answer(self, question: Question, request_id: str) -> Answer:
        """Answer a query; blocks, for as long as allowed plus one question to the data."""
        deadline = time.monotonic() + self.timeout_s
        try:
            passed = self.passed(question)
            if passed.is_subscription:
                raise RefusedError("SUBSCRIPTION", "Subscriptions are served over a websocket (graphql-transport-ws).")
        except RefusedError as refused:
            return Answer(told(refused.code, refused.message), understood=False)
        asked = Asked(passed.document, self.reads, self.reads.view(), self.stream, deadline, request_id)
        result = self.schema.execute_sync(
            question.query, dict(question.variables), context_value=asked, operation_name=question.operation
        )
        return _encoded(result)


def read_question(payload: object) -> Question:
    """Give the question in a parsed JSON body; raises RefusedError where it is none."""
    if isinstance(payload, list):
        raise RefusedError("NO_BATCHING", "One question a request: send an object, not a list.")
    if not isinstance(payload, dict):
        raise RefusedError("BODY", "The body must be a JSON object with `query`.")
    query, variables, operation = (payload.get(name) for name in ("query", "variables", "operationName"))
    if not isinstance(query, str) or not query.strip():
        raise RefusedError("BODY", "`query` must be a GraphQL document.")
    if not isinstance(variables, dict | None):
        raise RefusedError("BODY", "`variables` must be an object.")
    if not isinstance(operation, str | None):
        raise RefusedError("BODY", "`operationName` must be a string.")
    return Question(query, variables or {}, operation)


def parse_json(text: bytes | str) -> object:
    """Give a JSON text parsed; raises RefusedError where it is none, nests too deeply, or holds what no text is.

    JSON may escape half of a surrogate pair. Python takes it, but nothing behind can write it as UTF-8.
    """
    try:
        parsed = json.loads(text)
        json.dumps(parsed, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise RefusedError("BODY", "The body has half of a surrogate pair, which is no character.") from None
    except (ValueError, RecursionError):
        raise RefusedError("BODY", "The body is not JSON.") from None
    return parsed


def told(code: str, message: str, **more: str) -> bytes:
    """Give the JSON of an answer that is only an error."""
    return json.dumps({"errors": [{"message": message, "extensions": {"code": code, **more}}]}).encode()


def formatted(error: GraphQLError) -> dict[str, Any]:
    """Give an error as it is sent; what GraphQL itself objects to has the code INVALID."""
    shown: dict[str, Any] = {**error.formatted}
    shown["extensions"] = {"code": "INVALID", **shown.get("extensions", {})}
    return shown


def _encoded(result: ExecutionResult) -> Answer:
    errors = result.errors or []
    executed = not errors or result.data is not None or any(error.path for error in errors)
    body: dict[str, Any] = {"data": result.data} if executed else {}  # GraphQL over HTTP: no data entry where none ran
    if errors:
        body["errors"] = [formatted(error) for error in errors]
    return Answer(json.dumps(body).encode(), executed)
