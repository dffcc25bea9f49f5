"""POST /graphql; in development also the page GraphiQL at GET."""

from __future__ import annotations

import asyncio

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from strawberry.http.ides import get_graphql_ide_html

from api.graphql.questions import Answer, Desk, parse_json, read_question, told
from api.graphql.refusal import RefusedError
from api.rest.headers import request_id
from api.rest.refusals import refusal

AT_ONCE = 8  # questions answered at a time in one process; more wait within their time
# GraphiQL comes from a CDN and writes scripts into its page, which our pages may not; it is there in development only.
_GRAPHIQL_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' https://unpkg.com; style-src 'unsafe-inline' https://unpkg.com; "
    "font-src https://unpkg.com data:; img-src 'self' data:; connect-src 'self'; worker-src blob:; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)


class GraphQLOverHttp:
    """Answers requests from one desk."""

    def __init__(self, desk: Desk, development: bool) -> None:
        self._desk = desk
        self._development = development
        self._limiter = CapacityLimiter(AT_ONCE)

    async def post(self, request: Request) -> Response:
        """Answer one question."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return refusal(request.url.path, 415, "MEDIA_TYPE", "Send the question as application/json.")
        answer = await self._answer(await request.body(), request_id(request))
        return Response(answer.body, 200 if answer.understood else 400, media_type="application/json")

    async def get(self, request: Request) -> Response:
        """Refuse questions by GET; show GraphiQL in development."""
        if self._development and "text/html" in request.headers.get("accept", ""):
            page = get_graphql_ide_html(graphql_ide="graphiql")
            return HTMLResponse(page, headers={"Content-Security-Policy": _GRAPHIQL_POLICY})
        return refusal(request.url.path, 405, "METHOD", "Send the question by POST.", {"Allow": "POST"})

    async def _answer(self, body: bytes, number: str) -> Answer:
        try:
            question = read_question(parse_json(body))
        except RefusedError as refused:
            return Answer(told(refused.code, refused.message), understood=False)
        try:
            async with asyncio.timeout(self._desk.timeout_s):
                # Abandoned when time is up: the thread ends by itself at its next question to the data.
                return await to_thread.run_sync(
                    self._desk.answer, question, number, abandon_on_cancel=True, limiter=self._limiter
                )
        except TimeoutError:
            return Answer(told("TIMEOUT", "The answer took too long; ask for less."), understood=True)
