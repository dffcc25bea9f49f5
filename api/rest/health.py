"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from api.rest.refusals import refusal


def health_routes(unready: Callable[[], str | None]) -> APIRouter:
    """Give the routes; `unready` says what is missing, None when nothing is."""
    routes = APIRouter(tags=["health"])

    @routes.get("/livez")
    async def live() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "alive"}

    @routes.get("/readyz", responses={503: {"description": "Cannot answer yet; the body says why."}})
    def ready(request: Request) -> JSONResponse:
        """Say whether there is something to show."""
        missing = unready()
        if missing is not None:
            return refusal(request.url.path, 503, "NOT_READY", missing)
        return JSONResponse({"status": "ready"})

    return routes
