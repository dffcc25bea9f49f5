"""The features of the pinned baseline by pandas, without a loop over rows.

Nothing of the product is imported: definitions are written here once more, as docs/features.md has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet

READ = (
    *("operator", "kind", "caller", "callee", "caller_kind", "started", "zone", "answered", "ring_ms", "talk_ms"),
    *("origin_region", "target_region", "forwarded_to"),
)
HOUR_US = 3_600_000_000
TENTH_US = 100_000
Codes = npt.NDArray[np.intp]
# 0 where there was nothing to count; all others are unknown there
COUNTS = (
    *("attempts", "total_calls", "answered", "seconds", "callees", "callers", "received", "received_seconds"),
    *("active_hours", "active_days", "peak_hour_attempts", "concurrent_peak", "stable_contacts"),
)


def featured(asked: Mapping[str, Any]) -> tuple[int, pd.Index[str], pd.DataFrame, pd.DataFrame]:
    """Give how many records there are, all numbers, their features (row = number) and the pairs of callers."""
    records = read(asked)
    numbers = all_numbers(records)
    calls = attempts(records, numbers, asked)
    pairs = pair_table(calls)
    blank = pd.DataFrame(index=pd.RangeIndex(len(numbers)))
    parts = (traffic(calls), rhythm(calls), places(calls), reach(pairs, blank.index), mutual(pairs), neighbours(pairs))
    features = blank.join(list(parts))
    counts = [name for name in COUNTS if name in features]
    features[counts] = features[counts].fillna(0)
    return len(records), numbers, features, pairs


def read(asked: Mapping[str, Any]) -> pd.DataFrame:
    """Give the records of the window, texts as categories."""
    start, end = asked["window"]
    within = [("started", ">=", start), ("started", "<", end)]
    table = pyarrow.parquet.read_table(asked["paths"], columns=list(READ), filters=within, partitioning=None)
    records: pd.DataFrame = table.to_pandas(strings_to_categorical=True)
    if records["operator"].nunique() != 1:
        raise SystemExit("the baseline knows calls of one operator only")
    return records


def all_numbers(records: pd.DataFrame) -> pd.Index[str]:
    """Give who called, was called, wrote, or took a forwarded call, in order."""
    shown = records["kind"].isin(["voice", "sms"]) & (records["caller_kind"] != "withheld")
    sent_on = records["forwarded_to"].notna() & (
        records["forwarded_to"].astype("object") != records["callee"].astype("object")
    )
    seen = (
        *(records.loc[shown, side] for side in ("caller", "callee")),
        *(records.loc[sent_on, side] for side in ("callee", "forwarded_to")),
    )
    numbers: pd.Index[str] = pd.Index(np.unique(np.concatenate([column.unique().astype("str") for column in seen])))
    return numbers


def attempts(records: pd.DataFrame, numbers: pd.Index[str], asked: Mapping[str, Any]) -> pd.DataFrame:
    """Give the attempts with places in `numbers`, and with the clock where the caller is."""
    rows = records[(records["kind"] == "voice") & (records["caller_kind"] != "withheld")]
    calls = rows[["started", "talk_ms", "ring_ms", "origin_region", "target_region", "zone"]].reset_index(drop=True)
    calls["caller"], calls["callee"] = codes(rows["caller"], numbers), codes(rows["callee"], numbers)
    calls["answered"] = rows["answered"].where(rows["answered"].notna(), rows["talk_ms"] > 0).astype(bool).to_numpy()
    started = calls.groupby("zone", observed=True)["started"]
    local = pd.concat(
        [pd.to_datetime(of, unit="us", utc=True).dt.tz_convert(str(zone)).dt.tz_localize(None) for zone, of in started]
    ).reindex(calls.index)
    hour = local.dt.hour
    calls["day"] = local.to_numpy().astype("datetime64[D]").astype(np.int64)
    calls["weekend"] = local.dt.dayofweek >= 5
    calls["night"] = within(hour, asked["night"])
    calls["offhours"] = calls["weekend"] | ~within(hour, asked["office"])
    return calls


def codes(column: pd.Series[Any], numbers: pd.Index[str]) -> Codes:
    """Give the place of each text in `numbers`: looked up once a category."""
    return np.asarray(numbers.get_indexer(column.cat.categories)[column.cat.codes])


def within(hour: pd.Series[int], span: tuple[int, int]) -> pd.Series[bool]:
    """Tell which hours lie in a span that may go over midnight."""
    since, until = span
    return (hour >= since) & (hour < until) if since <= until else (hour >= since) | (hour < until)


def ratio(part: pd.Series[Any], whole: pd.Series[Any]) -> pd.Series[float]:
    """Give part / whole to nine decimals, nothing where the whole is 0."""
    return (part / whole.where(whole > 0)).round(9)


def traffic(calls: pd.DataFrame) -> pd.DataFrame:
    """How much a number calls, and how its attempts end."""
    talk, ring, answered = calls["talk_ms"], calls["ring_ms"], calls["answered"]
    flags = pd.DataFrame(
        {
            "caller": calls["caller"],
            "answered": answered,
            "talk_ms": talk,
            "answered_ms": talk.where(answered, 0),
            "short6": answered & (talk <= 6_000),
            "short20": answered & (talk < 20_000),
            "short60": answered & (talk < 60_000),
            "long120": answered & (talk >= 120_000),
            "long600": answered & (talk >= 600_000),
            "zero": talk == 0,
            "ring_ms": ring,
            "rung": ring.notna(),
            "ring3": ~answered & (ring <= 3_000),
        }
    )
    grouped = flags.groupby("caller")
    sums, made = grouped.sum(), grouped.size()
    return pd.DataFrame(
        {
            "attempts": made,
            "total_calls": made,
            "answered": sums["answered"],
            "asr": ratio(sums["answered"], made),
            "seconds": (sums["talk_ms"] / 1000).round(9),
            "acd": ratio(sums["answered_ms"], sums["answered"] * 1000),
            "avg_call_duration": ratio(sums["talk_ms"], made * 1000),
            "longest_seconds": (grouped["talk_ms"].max() / 1000).round(9),
            **{f"{name}_share": ratio(sums[name], sums["answered"]) for name in ("short6", "short20", "short60")},
            **{f"{name}_share": ratio(sums[name], sums["answered"]) for name in ("long120", "long600")},
            "zero_share": ratio(sums["zero"], made),
            "ring_seconds": ratio(sums["ring_ms"], sums["rung"] * 1000),
            "ring3_share": ratio(sums["ring3"], sums["rung"]),
        }
    )


def rhythm(calls: pd.DataFrame) -> pd.DataFrame:
    """When a number calls, and how evenly."""
    grouped = calls.groupby("caller")
    made, clock = grouped.size(), grouped[["night", "offhours", "weekend"]].sum()
    hours = calls.assign(hour=calls["started"] // HOUR_US).groupby(["caller", "hour"]).size().groupby("caller")
    days = calls[["caller", "day"]].drop_duplicates().groupby("caller").size()
    return pd.DataFrame(
        {
            "active_hours": hours.size(),
            "active_days": days,
            "peak_hour_attempts": hours.max(),
            "attempts_per_active_hour": ratio(made, hours.size()),
            "night_share": ratio(clock["night"], made),
            "night_call_ratio": ratio(clock["night"], made),
            "offhours_share": ratio(clock["offhours"], made),
            "weekend_share": ratio(clock["weekend"], made),
            "gap_cv": gap_variation(calls),
            "concurrent_peak": concurrent_peak(calls),
        }
    )


def gap_variation(calls: pd.DataFrame) -> pd.Series[float]:
    """Give standard deviation / mean of the gaps in tenths of a second, from three attempts on."""
    ordered = calls[["caller", "started"]].sort_values(["caller", "started"])
    ordered["gap"] = ordered.groupby("caller")["started"].diff() // TENTH_US
    gaps = ordered.groupby("caller")["gap"]
    mean = gaps.mean()
    return (gaps.std(ddof=0) / mean.where((gaps.count() >= 2) & (mean > 0))).round(9)


def concurrent_peak(calls: pd.DataFrame) -> pd.Series[int]:
    """Give the most calls under way at once; an end at the instant of a begin frees its line first."""
    length = (calls["ring_ms"].fillna(0) + calls["talk_ms"]).astype("int64") * 1000
    held = calls.loc[length > 0, ["caller", "started"]]
    begins = pd.DataFrame({"caller": held["caller"], "at": held["started"], "change": 1})
    ends = pd.DataFrame({"caller": held["caller"], "at": held["started"] + length[length > 0], "change": -1})
    sweep = pd.concat([begins, ends]).sort_values(["caller", "at", "change"])
    sweep["lines"] = sweep.groupby("caller")["change"].cumsum()
    return sweep.groupby("caller")["lines"].max()


def places(calls: pd.DataFrame) -> pd.DataFrame:
    """Between how many regions a number calls."""
    found = {}
    for side in ("origin", "target"):
        region = f"{side}_region"
        met = calls[["caller", region]].drop_duplicates().dropna()
        found[f"{side}_regions"] = met[met[region] != "unknown"].groupby("caller").size()
        found[f"unique_{side}_regions"] = met.groupby("caller").size()
    return pd.DataFrame(found)


def pair_table(calls: pd.DataFrame) -> pd.DataFrame:
    """Give one row an ordered pair of different numbers."""
    others = calls[calls["caller"] != calls["callee"]]
    grouped = others.groupby(["caller", "callee"], sort=False)
    return grouped.agg(
        calls=("talk_ms", "size"), answered=("answered", "sum"), talk_ms=("talk_ms", "sum"), longest=("talk_ms", "max")
    ).reset_index()


def reach(pairs: pd.DataFrame, numbers: pd.Index[int]) -> pd.DataFrame:
    """How many others a number calls, and how many call it."""
    out, into = pairs.groupby("caller"), pairs.groupby("callee")
    callees, made = out.size(), out["calls"].sum()
    repeated = (pairs["calls"] > 1).groupby(pairs["caller"]).sum()
    got = into[["calls", "answered", "talk_ms"]].sum()
    received = got["calls"].reindex(numbers, fill_value=0)
    return pd.DataFrame(
        {
            "callees": callees,
            "callers": into.size(),
            "received": got["calls"],
            "fanout": ratio(callees, made),
            "repeat_share": ratio(repeated, callees),
            "top_callee_share": ratio(out["calls"].max(), made),
            "received_asr": ratio(got["answered"], got["calls"]),
            "received_acd": ratio(got["talk_ms"], got["answered"] * 1000),
            "received_seconds": (got["talk_ms"] / 1000).round(9),
            "in_out_ratio": ratio(received, made.reindex(numbers)),
        }
    )


def mutual(pairs: pd.DataFrame) -> pd.DataFrame:
    """With how many of those that it calls a number has a conversation of both."""
    back = pairs.rename(columns={"caller": "callee", "callee": "caller"})
    both = pairs.merge(back, how="left", on=["caller", "callee"], suffixes=("", "_back"))
    talked = both["longest_back"] > 20_000
    stable = (both["calls"] + both["calls_back"] > 10) & (both["talk_ms"] + both["talk_ms_back"] > 600_000)
    flags = pd.DataFrame({"caller": both["caller"], "talked": talked, "stable": stable}).groupby("caller")
    sums = flags.sum()
    return pd.DataFrame({"reciprocity": ratio(sums["talked"], flags.size()), "stable_contacts": sums["stable"]})


def neighbours(pairs: pd.DataFrame) -> pd.DataFrame:
    """What those that a number calls are like."""
    callers, callees = pairs.groupby("callee").size(), pairs.groupby("caller").size()
    met = pd.DataFrame(
        {
            "caller": pairs["caller"],
            "callee_in_degree": pairs["callee"].map(callers),
            "callee_out_degree": pairs["callee"].map(callees).fillna(0),
            "silent_callee_share": ~pairs["callee"].isin(callees.index),
        }
    )
    return met.groupby("caller").mean().round(9)
