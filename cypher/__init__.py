"""The Cypher statements of the product, one a file with a header; this is the only door to them.

A file begins with three comment lines: `// name: …` (its own), `// parameters: a, b` (or `none`) and one sentence.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

SUFFIX = ".cypher"


def names() -> list[str]:
    """Names of all statements, sorted."""
    return sorted(entry.name.removesuffix(SUFFIX) for entry in files(__name__).iterdir() if entry.name.endswith(SUFFIX))


@cache
def text(name: str) -> str:
    """Give the statement of this name, header and all; raises FileNotFoundError when there is none."""
    return files(__name__).joinpath(name + SUFFIX).read_text(encoding="utf-8")
