"""Communities of linked numbers: one function, behind which Leiden and the choice of a resolution stand."""

from graph.communities.find import communities
from graph.communities.leiden import Form

__all__ = ["Form", "communities"]
