"""Columns in any order, times and lengths in any spelling: what is sure is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.guessing.guess import Wishes
from ingest.guessing.head import read_head
from ingest.guessing.mapping import guess_mapping
from tests.ingest.guessing.invented import Call, calls, clock, national, separated

TIMES = {
    "iso8601": "%Y-%m-%dT%H:%M:%S",
    "%d/%m/%Y %H:%M:%S": "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S": "%m/%d/%Y %H:%M:%S",
    "%d-%m-%y %H:%M": "%d-%m-%y %H:%M",
    "%Y%m%d%H%M%S": "%Y%m%d%H%M%S",
    "%d.%m.%Y %H.%M.%S": "%d.%m.%Y %H.%M.%S",
    "epoch_s": "",
    "epoch_ms": "",
}
LENGTHS: dict[str, Callable[[Call], object]] = {
    "s": lambda c: c.talk,
    "ms": lambda c: c.talk * 1000,
    "clock": lambda c: clock(c.talk),
    "go": lambda c: f"{c.talk // 60}m{c.talk % 60}s",
}
NAMES = {
    "caller": ("A_Number", "src", "Calling Party Number", "ani", "MSISDN_A", "callerId", "from"),
    "callee": ("B_Number", "dst", "Called Party Number", "dnis", "MSISDN_B", "calleeId", "to"),
    "started": ("start", "Setup Time", "call_start", "timestamp", "EventTime"),
    "talk_ms": ("duration", "billsec", "talk_time", "Call Duration"),
}
NOISE: dict[str, Callable[[Call], object]] = {
    "serial": lambda c: c.ring,
    "Cell_ID": lambda c: f"7-{c.ring}",
    "note": lambda c: "x",
    "cost": lambda c: 0.5,
}


def _spelt(call: Call, format_: str) -> str:
    if format_.startswith("epoch"):
        return f"{call.started.timestamp() * (1 if format_ == 'epoch_s' else 1000):.0f}"
    return call.started.strftime(TIMES[format_])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(["caller", "callee", "started", "talk_ms", *NOISE]),
    format_=st.sampled_from(sorted(TIMES)),
    unit=st.sampled_from(sorted(LENGTHS)),
    called=st.tuples(*(st.sampled_from(names) for names in NAMES.values())),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    header=st.booleans(),
    count=st.integers(1, 40),
    seed=st.integers(0, 5),
)
def test_what_is_sure_is_right(
    order: list[str],
    format_: str,
    unit: str,
    called: tuple[str, ...],
    delimiter: str,
    header: bool,
    count: int,
    seed: int,
    tmp_path: Path,
) -> None:
    names = dict(zip(NAMES, called, strict=True))
    values: dict[str, Callable[[Call], object]] = {
        "caller": lambda c: national(c.caller),
        "callee": lambda c: national(c.callee),
        "started": lambda c: _spelt(c, format_),
        "talk_ms": LENGTHS[unit],
        **NOISE,
    }
    rows = [{names.get(key, key): values[key](call) for key in order} for call in calls(count, seed)]
    file = tmp_path / "calls.csv"
    file.write_bytes(separated(rows, delimiter, header))
    found = guess_mapping(read_head(file), Wishes(country="IN"))
    where = {key: names.get(key, key).casefold() if header else f"column{order.index(key) + 1}" for key in order}
    fields = found.keys["fields"]
    assert isinstance(fields, dict)
    for canonical, what in (("caller",) * 2, ("callee",) * 2, ("started",) * 2, ("talk_ms", "duration")):
        if any(g.what == what and g.sure and g.guess for g in found.guesses):
            assert fields[canonical]["from"] == where[canonical]
    if any(g.what == "time format" and g.sure for g in found.guesses):
        assert fields["started"]["format"] == format_
    sure = {guess.what for guess in found.guesses if guess.sure}
    if {"duration", "unit of the duration"} <= sure:
        assert fields["talk_ms"]["unit"] == unit or not any(call.talk for call in calls(count, seed))
    if count >= 30 and header:
        assert {doubt.what for doubt in found.doubts} <= {"time format"} | ({"unit of the duration"} - {unit})
