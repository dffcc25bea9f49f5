"""Who may ask: decided once, when the server starts."""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from configs import ApiSettings

TOKEN_FILE = "RINGFENCE_TOKEN_FILE"  # noqa: S105  # the name of a variable, not a token
MIN_TOKEN = 32
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class AccessError(RuntimeError):
    """The server must not start like this; the message says what to do."""


@dataclass(frozen=True)
class Access:
    """Names in the Host header and origins of pages that are answered, and the token that is demanded, if any."""

    hosts: frozenset[str]
    origins: frozenset[str]
    token: str | None

    def admits(self, authorization: str | None) -> bool:
        """Whether an Authorization header (or the same in a websocket's first message) lets its sender in."""
        if self.token is None:
            return True
        scheme, _, given = (authorization or "").partition(" ")
        # Whatever stands in a header or a message is compared: text that is no UTF-8 is no reason to fail.
        same = hmac.compare_digest(given.strip().encode("utf-8", "surrogatepass"), self.token.encode())
        return same and scheme.lower() == "bearer"


def access(host: str, settings: ApiSettings, environment: Mapping[str, str] = os.environ) -> Access:
    """Give who may ask a server that listens on `host`.

    Raises AccessError when it would listen beyond loopback without a token, or when the token's file is no good.
    """
    token = _token(environment)
    local = is_loopback(host)
    if not local and token is None:
        raise AccessError(
            f"listening on {host} would let the whole network in: put a secret of at least {MIN_TOKEN} characters into "
            f"a file and name it in {TOKEN_FILE}, or listen on 127.0.0.1"
        )
    names = {name.lower() for name in settings.allowed_hosts} | LOOPBACK_NAMES | {host.lower()}
    origins = frozenset(settings.local_origins) if local else frozenset[str]()
    return Access(frozenset(names), origins, token)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _token(environment: Mapping[str, str]) -> str | None:
    name = environment.get(TOKEN_FILE)
    if not name:
        return None
    try:
        token = Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise AccessError(f"the token's file cannot be read ({TOKEN_FILE}={name}): {error}") from None
    if len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise AccessError(f"the token in {name} must be at least {MIN_TOKEN} printable ASCII characters without spaces")
    return token
