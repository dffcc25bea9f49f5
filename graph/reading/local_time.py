"""What a call's local time says: the day, and whether it is night, weekend or outside office hours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from configs import FeatureSettings
from graph.windows import DAY, HOUR
from ingest.values.zones import load_zone

Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_SATURDAY = 5


def of_local_time(
    started: Integers, zone: npt.NDArray[np.int32], zones: pa.Array, settings: FeatureSettings
) -> dict[str, pa.Array]:
    """Give day (local, since 1970-01-01), night, weekend and offhours of calls.

    started: µs UTC; zone: places in `zones`, names of IANA zones.
    """
    local = _local(started, zone, zones)
    day = local // DAY
    hour = (local - day * DAY) // HOUR
    weekend = (day + 3) % 7 >= _SATURDAY  # 1970-01-01 was a Thursday
    return {
        "day": pa.array(day.astype(np.int32)),
        "night": pa.array(_within(hour, settings.night_local_h)),
        "weekend": pa.array(weekend),
        "offhours": pa.array(weekend | ~_within(hour, settings.office_local_h)),
    }


def _local(started: Integers, zone: npt.NDArray[np.int32], zones: pa.Array) -> Integers:
    local = np.empty(len(started), dtype=np.int64)
    for code in np.flatnonzero(np.bincount(zone)):
        here = zone == code
        local[here] = started[here] + load_zone(zones[int(code)].as_py()).offset_at(started[here])
    return local


def _within(hour: Integers, span: tuple[int, int]) -> Bools:
    since, until = span
    if since <= until:
        return (hour >= since) & (hour < until)
    return (hour >= since) | (hour < until)
