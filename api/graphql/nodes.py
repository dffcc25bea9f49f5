"""What has an id that never changes."""

from __future__ import annotations

import strawberry


@strawberry.interface(description="What can be asked for again by its id.")
class Node:
    """What can be asked for again by its id."""

    id: strawberry.ID = strawberry.field(description="Opaque id: tells nothing of a number and outlives runs.")


@strawberry.type(description="There is nothing by that id or number; expected, and no error.")
class NotFound:
    """There is nothing by that id."""

    id: strawberry.ID = strawberry.field(description="What was asked for.")
    message: str = strawberry.field(description="A sentence for people.")


@strawberry.type(description="The window has no call of the number: nothing can be said about it, which is not SAFE.")
class NoData:
    """The window has no call of the number."""

    number: str = strawberry.field(description="The number as it was asked for.")
    message: str = strawberry.field(description="A sentence for people.")


@strawberry.type(description="The text is no telephone number.")
class InvalidNumber:
    """The text is no telephone number."""

    number: str = strawberry.field(description="The text as it was asked for.")
    message: str = strawberry.field(description="A sentence that says what a number looks like.")
