"""Subscriptions at /graphql over graphql-transport-ws, the only protocol spoken there.

Only subscriptions are served: a query on a socket would pass by the limit on time. A consumer that does not read holds
up nobody but itself: its stream waits for the socket before it reads the next page.
Source: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any

from graphql import DocumentNode
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected
from strawberry.types.execution import ExecutionResult, PreExecutionError

from api.auth.access import Access
from api.graphql.asked import Asked
from api.graphql.questions import Desk, Question, formatted, parse_json, read_question
from api.graphql.refusal import RefusedError
from api.rest.headers import request_id
from api.rest.refusals import refusal

PROTOCOL = "graphql-transport-ws"
MOST_STREAMS = 20  # subscriptions on one socket
MOST_ID = 64  # characters of a subscription's id, which the client chooses
_GONE = (WebSocketDisconnect, WebSocketDisconnected)

Message = Mapping[str, Any]


class ByeError(Exception):
    """The conversation ends here, with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def serve_socket(websocket: WebSocket, desk: Desk, access: Access, init_s: float) -> None:
    """Talk with one client until either side ends it."""
    if PROTOCOL not in websocket.scope["subprotocols"]:
        text = f"This socket speaks {PROTOCOL} only; name it in Sec-WebSocket-Protocol."
        await websocket.send_denial_response(refusal(websocket.url.path, 400, "PROTOCOL", text))
        return
    await websocket.accept(PROTOCOL)
    conversation = Conversation(websocket, desk, access)
    try:
        await conversation.hold(init_s)
    except ByeError as bye:
        await conversation.end()
        await websocket.close(bye.code, bye.reason)
    except _GONE:
        pass  # the client has left
    finally:
        await conversation.end()


class Conversation:
    """One client and its subscriptions."""

    def __init__(self, websocket: WebSocket, desk: Desk, access: Access) -> None:
        self._websocket = websocket
        self._desk = desk
        self._access = access
        self._streams: dict[str, asyncio.Task[None]] = {}

    async def hold(self, init_s: float) -> None:
        """Wait for the client's introduction, then do what it asks; raises ByeError or ends when the client leaves."""
        try:
            async with asyncio.timeout(init_s):
                await self._introduction()
        except TimeoutError:
            raise ByeError(4408, "Connection initialisation timeout") from None
        await self._send(type="connection_ack")
        while True:
            await self._take(await self._receive())

    async def end(self) -> None:
        """Stop all subscriptions and wait until they have let go of what they hold."""
        streams = list(self._streams.values())
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)

    async def _introduction(self) -> None:
        while (message := await self._receive())["type"] != "connection_init":
            if message["type"] == "subscribe":
                raise ByeError(4401, "Unauthorized")
            await self._take(message)
        payload = message.get("payload") or {}
        if not isinstance(payload, dict):
            raise ByeError(4400, "connection_init: payload must be an object")
        given = payload.get("authorization", self._websocket.headers.get("authorization"))
        if not self._access.admits(given if isinstance(given, str) else None):
            raise ByeError(4403, "Forbidden")

    async def _receive(self) -> Message:
        try:
            message = parse_json(await self._websocket.receive_text())
        except KeyError:
            raise ByeError(4400, "messages are text") from None
        except RefusedError:
            raise ByeError(4400, "messages are JSON") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise ByeError(4400, "messages are objects with a type")
        return message

    async def _take(self, message: Message) -> None:
        match message["type"]:
            case "ping":
                await self._send(type="pong")
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(_id(message), message)
            case "complete":
                self._complete(_id(message))
            case "connection_init":
                raise ByeError(4429, "Too many initialisation requests")
            case _:
                raise ByeError(4400, "unknown type of message")

    async def _subscribe(self, name: str, message: Message) -> None:
        if name in self._streams:
            raise ByeError(4409, "Subscriber for this id already exists")
        if len(self._streams) >= MOST_STREAMS:
            await self._refuse(name, RefusedError("TOO_MANY", f"A socket carries {MOST_STREAMS} subscriptions."))
            return
        try:
            question = read_question(message.get("payload"))
        except RefusedError as refused:
            await self._refuse(name, refused)
            return
        stream = asyncio.create_task(self._follow(name, question))
        self._streams[name] = stream
        stream.add_done_callback(lambda _: self._forget(name, stream))

    def _complete(self, name: str) -> None:
        stream = self._streams.pop(name, None)
        if stream:
            stream.cancel()

    def _forget(self, name: str, stream: asyncio.Task[None]) -> None:
        if self._streams.get(name) is stream:
            del self._streams[name]
        failure = None if stream.cancelled() else stream.exception()
        if failure is not None and not isinstance(failure, _GONE):
            stream.get_loop().call_exception_handler({"message": "a subscription failed", "exception": failure})

    async def _follow(self, name: str, question: Question) -> None:
        try:
            passed = await asyncio.to_thread(self._desk.passed, question)
            if not passed.is_subscription:
                raise RefusedError("NOT_A_SUBSCRIPTION", "Send queries by POST; this socket serves subscriptions.")
        except RefusedError as refused:
            await self._refuse(name, refused)
            return
        if await self._stream(name, question, passed.document):
            await self._send(id=name, type="complete")

    async def _stream(self, name: str, question: Question, document: DocumentNode) -> bool:
        """Send results until there are no more; False where there was an error instead of a stream."""
        desk = self._desk
        asked = Asked(document, desk.reads, None, desk.stream, math.inf, request_id(self._websocket))
        results = await desk.schema.stream(
            question.query, dict(question.variables), context_value=asked, operation_name=question.operation
        )
        async with aclosing(results):
            async for result in results:
                assert isinstance(result, ExecutionResult | PreExecutionError), "incremental delivery is off"
                errors = [formatted(error) for error in result.errors or ()]
                if isinstance(result, PreExecutionError):
                    await self._send(id=name, type="error", payload=errors)
                    return False
                payload = {"data": result.data, "errors": errors} if errors else {"data": result.data}
                await self._send(id=name, type="next", payload=payload)
        return True

    async def _refuse(self, name: str, refused: RefusedError) -> None:
        error = {"message": refused.message, "extensions": {"code": refused.code}}
        await self._send(id=name, type="error", payload=[error])

    async def _send(self, **message: str | Mapping[str, Any] | Sequence[Any]) -> None:
        await self._websocket.send_text(json.dumps(message))


def _id(message: Message) -> str:
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= MOST_ID:
        raise ByeError(4400, f"id must be a string of 1 to {MOST_ID} characters")
    return name
