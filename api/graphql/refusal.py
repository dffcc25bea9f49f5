"""What is said when a question is not answered."""

from __future__ import annotations


class RefusedError(Exception):
    """A question breaks a rule: a code for programs and a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
