"""The GraphQL faces of one server: POST and websocket at /graphql."""

from __future__ import annotations

import os
from collections.abc import Mapping

from fastapi import APIRouter, Request, WebSocket
from starlette.responses import Response

from api.auth.access import Access
from api.graphql.gate import Gate
from api.graphql.http import GraphQLOverHttp
from api.graphql.questions import Desk
from api.graphql.schema import build_schema
from api.graphql.socket import serve_socket
from api.live.alerts import AlertStream
from api.reads import Reads
from api.rest.refusals import GRAPHQL_PATH
from configs import ApiSettings


def is_development(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether introspection and GraphiQL are on."""
    return environment.get("RINGFENCE_ENV") == "development"


def graphql_routes(reads: Reads, stream: AlertStream, access: Access, limits: ApiSettings) -> APIRouter:
    """Give the routes."""
    development = is_development()
    schema = build_schema()
    desk = Desk(schema, Gate(schema.as_str(), limits, development), reads, stream, limits.timeout_s)
    http = GraphQLOverHttp(desk, development)
    routes = APIRouter()

    @routes.post(GRAPHQL_PATH, include_in_schema=False)
    async def post(request: Request) -> Response:
        return await http.post(request)

    @routes.get(GRAPHQL_PATH, include_in_schema=False)
    async def get(request: Request) -> Response:
        return await http.get(request)

    @routes.websocket(GRAPHQL_PATH)
    async def socket(websocket: WebSocket) -> None:
        await serve_socket(websocket, desk, access, limits.stream_init_s)

    return routes
