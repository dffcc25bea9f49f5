"""Fields that are worked out: strawberry's decorator, with a type that strict checking accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(description: str) -> Callable[[Resolver], Resolver]:
    """Make a method a field of the schema."""
    return cast("Callable[[Resolver], Resolver]", strawberry.field(description=description))


def stream(description: str) -> Callable[[Resolver], Resolver]:
    """Make an asynchronous generator a subscription of the schema."""
    return cast("Callable[[Resolver], Resolver]", strawberry.subscription(description=description))
