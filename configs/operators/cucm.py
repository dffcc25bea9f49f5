"""Where a call of CUCM ended, if that is not where it was dialled to: no transformation compares two columns."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

NEEDS = ("originalCalledPartyNumber", "finalCalledPartyNumber")
MAKES = ("redirected_to",)


def columns(given: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """Give the final party where it differs from the original one."""
    dialled, reached = (given[name.casefold()] for name in NEEDS)
    return {MAKES[0]: pc.if_else(pc.equal(dialled, reached), "", reached)}
