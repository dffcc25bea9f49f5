"""What every process of ours settles before it works."""

from __future__ import annotations

import gc
import os

_CREATED = 50_000  # objects before the collector looks for circles; 700 unless told


def settle() -> None:
    """Settle how this process takes and frees memory; before Arrow is imported.

    Arrow's own allocator keeps much of what was let go, the system's gives it back; Arrow reads the variable when it is
    loaded, and one that is set stays. Writing expressions as SQL makes many objects that live: unless told, Python's
    collector soon looks at all of every imported library again, a tenth of the time of features at 1M calls.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    gc.set_threshold(_CREATED, *gc.get_threshold()[1:])
