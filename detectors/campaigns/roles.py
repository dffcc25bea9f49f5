"""What each member does in its ring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detectors.judgement import Columns
from graph.snapshot import NodeArray

CALLER, OPENER, CLOSER = "caller", "opener", "closer"


def member_roles(members: NodeArray, hands_off: bool, columns: Columns) -> Sequence[str]:
    """Give each member's role: in rings that hand victims on, who takes over more than he hands on is a closer."""
    if not hands_off:
        return [CALLER] * len(members)
    taken, given = (np.nan_to_num(columns[name][members]) for name in ("handoff_in_share", "handoff_share"))
    return [CLOSER if closes else OPENER for closes in taken > given]
