"""What kind of record each is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.reading.segments import Vocabulary
from ingest.values.numbers import WITHHELD

KIND = "voice"
MESSAGE = "sms"
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Kinds:
    """Masks over records.

    Withheld callers are many people under one text: as one number they would call more than anybody, and tie together
    all whom they call.
    """

    voice: Bools  # attempts to talk, of callers that are shown
    withheld: Bools  # attempts to talk, of callers that are not
    message: Bools  # of callers that are shown
    forwarded: Bools  # sent on by the callee's line to another number; who called does not matter


def kinds_of(records: pa.Table, vocabulary: Vocabulary) -> Kinds:
    """Tell the kinds of coded records."""
    kind, shown = records["kind"].to_numpy(), records["caller_kind"].to_numpy()
    is_voice = kind == vocabulary.by_column["kind"].code(KIND)
    is_shown = shown != vocabulary.by_column["caller_kind"].code(WITHHELD)
    to = records["forwarded_to"].fill_null(-1).to_numpy()
    return Kinds(
        voice=is_voice & is_shown,
        withheld=is_voice & ~is_shown,
        message=(kind == vocabulary.by_column["kind"].code(MESSAGE)) & is_shown,
        forwarded=(to >= 0) & (to != records["callee"].to_numpy()),
    )
