"""Why a file as a whole is not taken in."""

from __future__ import annotations


class RejectedError(Exception):
    """A file cannot be trusted as a whole: nothing of it is taken in.

    `reason` is a code of docs/reason-codes.md, the message a sentence that says what to do.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
