"""The browser of the dashboard's tests, for pages that are files."""

from __future__ import annotations

from tests.api.dashboard.conftest import browser

__all__ = ["browser"]
