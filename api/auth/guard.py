"""The guards before every request: Host (against DNS rebinding), Origin (against foreign pages), token.

Pure ASGI, so that websockets pass them too. A websocket may bring its token in the protocol's first message instead of
a header, since pages cannot set headers there: its handler asks `Access.admits` for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.access import Access
from api.rest.refusals import refusal, refuse

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]@/\s]+)(:[0-9]{1,5})?")

IsPublic = Callable[[HTTPConnection], bool]


class HostGuard:
    """Answers only requests that name this server: a foreign name that resolves here is refused."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self._names = access.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] == "lifespan" or host_name(HTTPConnection(scope).headers.getlist("host")) in self._names:
            await self.app(scope, receive, send)
            return
        text = "This server does not go by that name; add it to api.allowed_hosts in settings.yaml if it should."
        await refuse(scope, receive, send, refusal(scope["path"], 421, "WRONG_HOST", text))


class OriginGuard:
    """Refuses requests of pages from elsewhere, websockets among them; programs send no Origin and pass."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self._origins = access.origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] == "lifespan" or self._may_ask(HTTPConnection(scope)):
            await self.app(scope, receive, send)
            return
        text = "Pages from another origin may not ask this server."
        await refuse(scope, receive, send, refusal(scope["path"], 403, "FOREIGN_ORIGIN", text))

    def _may_ask(self, request: HTTPConnection) -> bool:
        given = request.headers.getlist("origin")
        return all(origin in self._origins or is_same_origin(origin, request.headers["host"]) for origin in given)


class TokenGuard:
    """Demands the token, where there is one, of everything that is not public."""

    def __init__(self, app: ASGIApp, access: Access, is_public: IsPublic) -> None:
        self.app = app
        self._access = access
        self._is_public = is_public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] != "http" or self._may_ask(HTTPConnection(scope)):
            await self.app(scope, receive, send)
            return
        text = "This server answers only with its access token: send Authorization: Bearer and the token."
        asks = {"WWW-Authenticate": "Bearer"}
        await refuse(scope, receive, send, refusal(scope["path"], 401, "NO_TOKEN", text, asks))

    def _may_ask(self, request: HTTPConnection) -> bool:
        return self._is_public(request) or self._access.admits(request.headers.get("authorization"))


def host_name(headers: list[str]) -> str | None:
    """Give the name in the one Host header in lower case, without port and brackets; None where it is no name."""
    found = _HOST.fullmatch(headers[0]) if len(headers) == 1 else None
    return found["name"].strip("[]").lower() if found else None


def is_same_origin(origin: str, host: str) -> bool:
    """Whether a page's origin is the host that was asked; not by the scheme, since a proxy may have taken off TLS."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
