"""The page at /: plain HTML, CSS and ES modules, given out by name from a fixed list, and the policy they run under.

`index.html` is the page itself; it asks for everything else as `assets/<name>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

_SCRIPT = "text/javascript; charset=utf-8"

ASSETS: Mapping[str, str] = MappingProxyType(
    {
        "index.html": "text/html; charset=utf-8",
        "app.css": "text/css; charset=utf-8",
        "favicon.svg": "image/svg+xml",
        "alerts.js": _SCRIPT,
        "app.js": _SCRIPT,
        "campaign.js": _SCRIPT,
        "campaigns.js": _SCRIPT,
        "compass.js": _SCRIPT,
        "dom.js": _SCRIPT,
        "evidence.js": _SCRIPT,
        "format.js": _SCRIPT,
        "graphql.js": _SCRIPT,
        "header.js": _SCRIPT,
        "layout.js": _SCRIPT,
        "lookup.js": _SCRIPT,
        "marks.js": _SCRIPT,
        "members.js": _SCRIPT,
        "panel.js": _SCRIPT,
        "queries.js": _SCRIPT,
        "ring.js": _SCRIPT,
        "route.js": _SCRIPT,
        "stream.js": _SCRIPT,
        "timeline.js": _SCRIPT,
        "token.js": _SCRIPT,
    }
)
"""Name → media type of everything the page may ask for."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'none'",
    )
)
"""The header that the page is served with: own files only, nothing inline, no frames, no form targets."""


def asset(name: str) -> tuple[bytes, str]:
    """Give one file of the page as (content, media type); raises KeyError for a name that is not in ASSETS."""
    media_type = ASSETS[name]  # the list is the guard: no name outside of it ever reaches the file system
    return files(__name__).joinpath(name).read_bytes(), media_type
