"""Refusals: a status, a code for programs and a sentence for people, never a trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

GRAPHQL_PATH = "/graphql"


def refusal(path: str, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Give the response that says no; at /graphql in the shape that GraphQL clients read."""
    body: dict[str, Any] = {"error": {"code": code, "message": message}}
    if path == GRAPHQL_PATH:
        body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return JSONResponse(body, status, headers=dict(headers or {}))


async def refuse(scope: Scope, receive: Receive, send: Send, response: JSONResponse) -> None:
    """Send a refusal, to a websocket in place of its handshake."""
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(response)
    else:
        await response(scope, receive, send)
