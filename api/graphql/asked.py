"""What every resolver is given: the run that this request sees, and until when it may take."""

from __future__ import annotations

import time
from dataclasses import dataclass

import strawberry
from graphql import DocumentNode

from api.live.alerts import AlertStream
from api.reads import Reads, View


class DeadlineError(Exception):
    """The request has taken longer than it may; whatever is left of it is not worth doing."""


@dataclass(frozen=True)
class Asked:
    """One request: all its answers come from one view, None before the first run.

    `document` has passed the gate; subscriptions read from `stream`; the request id stands in the log beside a fault.
    """

    document: DocumentNode

    reads: Reads
    seen: View | None
    stream: AlertStream
    deadline: float  # time.monotonic()
    request_id: str

    @property
    def view(self) -> View:
        """The run in front, for resolvers of what only a run has; raises DeadlineError when time is up.

        A thread cannot be stopped from outside, so each question to the data looks at the clock first.
        """
        if time.monotonic() > self.deadline:
            raise DeadlineError
        assert self.seen is not None, "numbers and campaigns come from a run"
        return self.seen


Info = strawberry.Info[Asked, None]
