"""All faces in one application behind the guards, with errors as sentences."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from api.auth.access import Access
from api.auth.guard import HostGuard, OriginGuard, TokenGuard
from api.catching_up import CatchUp
from api.graphql.routes import graphql_routes
from api.live.alerts import AlertStream
from api.live.feed import Feed
from api.rest.bodies import BodyLimit
from api.rest.clients import client_routes
from api.rest.headers import Headers, request_id
from api.rest.health import health_routes
from api.rest.page import is_public, page_routes
from api.rest.refusals import refusal
from api.wiring import App

_log = logging.getLogger("ringfence.api")


def asgi(app: App, access: Access) -> ASGIApp:
    """Give the whole server as one ASGI application.

    From the outside in: headers, Host, Origin, CORS for pages of this machine, token, size of the body, routes.
    """
    limits = app.settings.api
    guarded: ASGIApp = BodyLimit(_routes(app, access), limits.max_body_bytes, limits.timeout_s)
    guarded = TokenGuard(guarded, access, is_public)
    if access.origins:
        guarded = CORSMiddleware(
            guarded,
            allow_origins=sorted(access.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    return Headers(HostGuard(OriginGuard(guarded, access), access))


def _routes(app: App, access: Access) -> FastAPI:
    limits = app.settings.api
    feed = Feed(app.news.newest, limits.stream_poll_ms / 1000)
    stream = AlertStream(app.log, feed, app.reads.ids, limits.stream_page)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        under_way = [asyncio.create_task(work) for work in (feed.run(), *_catching_up(app))]
        yield
        for task in under_way:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    routes = FastAPI(
        title="Ringfence",
        summary="Telephone fraud rings found in call detail records.",
        version="1",
        openapi_url="/openapi.json",
        docs_url=None,  # its scripts come from elsewhere, which the policy of our pages forbids
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={
            HTTPException: _said,
            RequestValidationError: _invalid,
            Exception: _failed,
        },
    )
    routes.include_router(page_routes())
    routes.include_router(health_routes(app.unready))
    routes.include_router(client_routes(app.reads))
    routes.include_router(graphql_routes(app.reads, stream, access, limits))
    return routes


def _catching_up(app: App) -> list[Coroutine[None, None, None]]:
    if app.neo4j is None:
        return []
    return [CatchUp(app.home, app.neo4j, app.outage, app.settings.neo4j.look_s).run()]


async def _said(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException), "registered for nothing else"
    sentences = {
        404: "There is nothing here; /openapi.json lists what there is.",
        405: "This address does not take that method.",
    }
    text = sentences.get(error.status_code, f"{HTTPStatus(error.status_code).phrase}.")
    code = HTTPStatus(error.status_code).name
    return refusal(request.url.path, error.status_code, code, text, error.headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError), "registered for nothing else"
    faults = "; ".join(f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors())
    return refusal(request.url.path, 422, "INVALID", f"The request cannot be read: {faults}.")


async def _failed(request: Request, error: Exception) -> JSONResponse:
    number = request_id(request)
    _log.error("request %s failed", number, exc_info=error)
    text = f"Something went wrong on the server; its log says what, under {number}."
    return refusal(request.url.path, 500, "INTERNAL", text)


def _place(location: Sequence[object]) -> str:
    """Name the faulty field; what stood in it is not repeated."""
    return ".".join(str(part) for part in location[1:]) or str(location[0])
