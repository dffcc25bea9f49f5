"""The limit on request bodies, whether their length is declared or not."""

from __future__ import annotations

import asyncio

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.refusals import refusal, refuse

_LAST = {"Connection": "close"}  # the rest of the body is not read


class BodyLimit:
    """Reads a whole body before it is passed on, so that nothing behind it sees one that is too long or never ends."""

    def __init__(self, app: ASGIApp, max_bytes: int, timeout_s: float) -> None:
        self.app = app
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._timeout_s):
                body = await self._body(HTTPConnection(scope), receive)
        except _TooLongError:
            text = f"A request body may have {self._max_bytes} bytes."
            await refuse(scope, receive, send, refusal(scope["path"], 413, "BODY_TOO_LONG", text, _LAST))
        except _GoneError:
            return
        except TimeoutError:
            text = f"The request body did not arrive within {self._timeout_s:g} s."
            await refuse(scope, receive, send, refusal(scope["path"], 408, "BODY_TOO_SLOW", text, _LAST))
        else:
            await self.app(scope, _given(body, receive), send)

    async def _body(self, request: HTTPConnection, receive: Receive) -> bytes:
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            raise _TooLongError
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise _GoneError
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            more = message.get("more_body", False)
            if size > self._max_bytes:
                raise _TooLongError
        return b"".join(parts)


class _TooLongError(Exception):
    """More bytes than allowed."""


class _GoneError(Exception):
    """The client left before its body was whole."""


def _given(body: bytes, receive: Receive) -> Receive:
    """Give a receive that hands out `body` once and then what follows."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message
