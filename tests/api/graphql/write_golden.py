"""Writes the schema's golden text, for a change of it that is meant."""

from __future__ import annotations

from api.graphql.schema import sdl
from tests.api.graphql.test_schema import GOLDEN

if __name__ == "__main__":
    GOLDEN.write_text(sdl(), encoding="utf-8")
