"""The server process: listens, says where, stops without cutting answers off."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from api.asgi import asgi
from api.auth.access import Access, access
from api.wiring import App
from ingest.values.number_plans import load_regions

GRACE_S = 5  # answers under way have so long to end; websockets are closed at once


class ServeError(RuntimeError):
    """The server cannot listen where it should; the message says what to do."""


def serve(app: App, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `announce` is given the address once requests are taken.

    Port 0 takes a free one. Raises AccessError, which says what a server beyond loopback needs, and ServeError when the
    port is taken.
    """
    who = access(host, app.settings.api)
    app.unready()  # opens the run in front, if there is one
    load_regions()
    with listen(host, port) as listener, settled():
        asyncio.run(Server(app, who, announce).serve([listener]))


class Server(uvicorn.Server):
    """Says when it listens, and takes signals as a request to stop, not as its end."""

    def __init__(self, app: App, who: Access, announce: Callable[[str], None]) -> None:
        config = uvicorn.Config(
            asgi(app, who),
            ws="websockets-sansio",
            ws_max_size=app.settings.api.max_body_bytes,
            log_config=None,
            access_log=False,  # what is asked about may stand in addresses and must not stand in logs
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say where."""
        await super().startup(sockets)
        if self.started and sockets:
            self._announce(address_of(sockets[0]))

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM; in a thread that is not the main one, signals are somebody else's."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@contextmanager
def settled() -> Iterator[None]:
    """Keep what is loaded by now out of the collector's rounds: walking it again cost every twentieth answer 0.1 s."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()  # at the end of the process libraries look for what is left


def listen(host: str, port: int) -> socket.socket:
    """Give a socket that listens; raises ServeError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        why = error.strerror or str(error)
        raise ServeError(f"cannot listen on {host} port {port}: {why}; choose another port") from None
    # Connections inherit it. asyncio does not set it on those of a socket it has not made, and without it the second
    # part of an answer waits for the client to acknowledge the first: 40 ms on every request.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(listener: socket.socket) -> str:
    """Give the address as a browser takes it."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
