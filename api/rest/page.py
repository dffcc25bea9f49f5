"""GET / by what the client accepts, and the files of the page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from api.dashboard import ASSETS, asset
from api.rest.refusals import refusal

MESSAGE = {"message": "Satark Intelligence Grid Online"}  # existing clients look for these words
PUBLIC = frozenset({"/livez", "/readyz"})


def is_public(request: HTTPConnection) -> bool:
    """Whether a request needs no token: health, and the page itself, which then asks for the token."""
    path = request.url.path
    return path in PUBLIC or path.startswith("/assets/") or (path == "/" and wants_page(request))


def wants_page(request: HTTPConnection) -> bool:
    """Whether a browser asks."""
    return "text/html" in request.headers.get("accept", "")


def page_routes() -> APIRouter:
    """Give the routes."""
    routes = APIRouter()

    @routes.get("/")
    def root(request: Request) -> Response:
        """Give the page to a browser and a message to everyone else."""
        answer = _file("index.html") if wants_page(request) else JSONResponse(MESSAGE)
        answer.headers["Vary"] = "Accept"
        return answer

    @routes.get("/assets/{name}", include_in_schema=False)
    def file(name: str, request: Request) -> Response:
        """Give a file of the page."""
        if name not in ASSETS:
            return refusal(request.url.path, 404, "NOT_FOUND", "The page has no such file.")
        return _file(name)

    return routes


def _file(name: str) -> Response:
    content, media_type = asset(name)
    return Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})
