"""Which tests stay on one of several workers: those that share something costly.

pytest-xdist's own groups (`--dist loadgroup`) do nothing with pytest 9.2: pytest-dev/pytest-xdist#1386.
"""

from __future__ import annotations

from functools import cache

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it has no types

from tests.repository import ROOT

SHARED = ("dashboard", "simulator")  # folders whose files share a browser, or worlds
NEO4J = "neo4j_server"
CONTRACT = "contract"  # the folder whose fixtures bring Neo4j


class ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """Gives a worker a group of tests at a time, those of many tests first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])


@cache
def group_of(file: str) -> str:
    """Give the group of a file of tests: Neo4j, a folder, or the file itself, whose fixtures may be a module's."""
    path = ROOT / file
    if shared := [part for part in path.parent.parts if part in SHARED]:
        return shared[0]
    return NEO4J if CONTRACT in path.parent.parts or NEO4J in path.read_text() else file
