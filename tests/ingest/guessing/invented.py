"""Invented calls, and the files that switches of many kinds would write of them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.guessing.guess import Wishes

INDIA = ZoneInfo("Asia/Kolkata")
DAYS = (3, 9, 14, 27)  # of February 2026; few, because a day costs files


@dataclass(frozen=True)
class Call:
    """One attempt; `started` in UTC, lengths in seconds."""

    caller: str  # E.164 with +
    callee: str
    started: datetime
    ring: int
    talk: int

    @property
    def answered(self) -> bool:
        return self.talk > 0

    @property
    def answer(self) -> datetime | None:
        return self.started + timedelta(seconds=self.ring) if self.answered else None

    @property
    def end(self) -> datetime:
        return self.started + timedelta(seconds=self.ring + self.talk)

    @property
    def truth(self) -> tuple[str, str, int, int]:
        """What the lake must hold: caller, callee, µs, ms."""
        return self.caller, self.callee, int(self.started.timestamp()) * 1_000_000, self.talk * 1000


def calls(count: int = 120, seed: int = 1) -> list[Call]:
    """Calls of Indian mobile numbers in their order, on a few days before and after the twelfth, at any hour."""
    chance = Random(seed)
    made = []
    for at in sorted(_moment(DAYS[i % len(DAYS)], chance) for i in range(count)):
        talk = chance.randrange(3, 700) if chance.random() < 0.7 else 0
        numbers = [f"+91{chance.choice('6789')}{chance.randrange(10**9):09}" for _ in range(2)]
        made.append(Call(numbers[0], numbers[1], at, chance.randrange(1, 30), talk))
    return made


def _moment(day: int, chance: Random) -> datetime:
    return datetime(2026, 2, day, tzinfo=UTC) + timedelta(seconds=chance.randrange(86_400))


Row = dict[str, object]


def local(at: datetime | None, layout: str) -> str:
    return at.astimezone(INDIA).strftime(layout) if at else ""


def national(number: str) -> str:
    return "0" + number.removeprefix("+91")


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def separated(rows: Sequence[Row], delimiter: str = ",", header: bool = True, quote_all: bool = False) -> bytes:
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    )
    if header:
        writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return out.getvalue().encode()


def xml(rows: Sequence[Row]) -> bytes:
    records = "".join("<cdr>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + "</cdr>\n" for row in rows)
    return f"<?xml version='1.0'?>\n<export>\n{records}</export>\n".encode()


def fixed(rows: Sequence[Row]) -> bytes:
    widths = [max(len(str(row[name])) for row in rows) + 2 for name in rows[0]]
    return b"".join(
        "".join(str(value).ljust(width) for value, width in zip(row.values(), widths, strict=True)).encode() + b"\n"
        for row in rows
    )


def parquet(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), out)
    return out.getvalue()


@dataclass(frozen=True)
class Kind:
    """One kind of file: its name, how it is made, and what a person has to say about it."""

    name: str
    file: str
    content: Callable[[list[Call]], bytes]
    wishes: Wishes = field(default_factory=Wishes)
    maps: tuple[str, ...] = ()  # canonical columns beyond the four

    def made_of(self, given: list[Call]) -> bytes:
        return self.content(given)


def _asterisk(c: Call) -> Row:
    iso = "%Y-%m-%d %H:%M:%S"
    return {
        "accountcode": "", "src": c.caller, "dst": c.callee, "start": local(c.started, iso),
        "answer": local(c.answer, iso), "end": local(c.end, iso), "duration": c.ring + c.talk, "billsec": c.talk,
        "disposition": "ANSWERED" if c.answered else "NO ANSWER",
        "uniqueid": f"{c.started.timestamp():.0f}.{c.caller[-4:]}",
    }  # fmt: skip


def _sub(c: Call) -> Row:
    return {
        "A-Number": national(c.caller), "B-Number": national(c.callee), "Call Date": local(c.started, "%d/%m/%Y"),
        "Call Time": local(c.started, "%H:%M:%S"), "Duration": clock(c.talk), "Cell ID": f"404-20-{c.ring}-7",
    }  # fmt: skip


def _american(c: Call) -> Row:
    return {
        "Calling Number": c.caller, "Called Number": c.callee, "Setup Time": local(c.started, "%m/%d/%Y %H:%M:%S"),
        "Duration (ms)": c.talk * 1000, "Release Cause": 16 if c.answered else 19,
    }  # fmt: skip


def _epochs(c: Call) -> Row:
    return {
        "calling_party": c.caller[1:], "called_party": c.callee[1:], "start_time": int(c.started.timestamp()),
        "answer_time": int(c.answer.timestamp()) if c.answer else 0, "end_time": int(c.end.timestamp()),
        "trunk_in": "T1", "trunk_out": "T2",
    }  # fmt: skip


def _milli(c: Call) -> Row:
    return {
        "ani": c.caller, "dnis": c.callee, "ts": int(c.started.timestamp() * 1000), "talk_time": f"{c.talk}.0",
        "imei": f"35{c.caller[-10:]}123", "imsi": f"40420{c.caller[-10:]}",
    }  # fmt: skip


def _go(c: Call) -> Row:
    return {"Source": c.caller, "Destination": c.callee, "SetupTime": c.started.isoformat(), "Usage": f"{c.talk}s"}


def _sms(c: Call) -> Row:
    kind = "VOICE" if c.answered or c.ring % 2 else "SMS"
    return {
        "call_type": kind, "msisdn_a": c.caller, "msisdn_b": c.callee, "begin": c.started.strftime("%Y%m%d%H%M%S"),
        "seconds": "" if kind == "SMS" else c.talk,
    }  # fmt: skip


def _sip(c: Call) -> Row:
    return {
        "from_uri": f"sip:{c.caller}@10.0.0.1", "to_uri": f"sip:{c.callee}@gw.example.com;user=phone",
        "invite_time": c.started.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "conversation_duration": c.talk,
    }  # fmt: skip


def _named_month(c: Call) -> Row:
    return {
        "orig": c.caller,
        "dialled": c.callee,
        "date": c.started.strftime("%d-%b-%Y"),
        "time": c.started.strftime("%H%M%S"),
        "dur": c.talk,
        "kind": "voice",
        "called": f"+91{c.callee[:2:-1]}",
    }


def _german(c: Call) -> Row:
    return {
        "Anrufer": c.caller, "Angerufener": c.callee, "Beginn": local(c.started, "%d.%m.%Y %H:%M:%S"), "Dauer": c.talk,
    }  # fmt: skip


def _numbers_only(c: Call) -> Row:
    return {
        "1": c.caller[1:], "2": c.callee[1:], "3": local(c.started, "%d/%m/%Y %H:%M:%S"), "4": c.talk, "5": "VOICE",
    }  # fmt: skip


def _nested(c: Call) -> Row:
    return {
        "id": f"{int(c.started.timestamp())}-{c.caller[1:]}",
        "from": {"number": c.caller, "cell": "12-7"}, "to": {"number": c.callee},
        "started_at": c.started.isoformat(), "billsec": c.talk, "ring_ms": c.ring * 1000,
    }  # fmt: skip


def _typed(c: Call) -> Row:
    return {"caller": c.caller, "callee": c.callee, "start": c.started, "duration": float(c.talk)}


def _opaque(c: Call) -> Row:
    return {
        "caller_id": f"u{c.caller[-9:]}x", "callee_id": f"u{c.callee[-9:]}x",
        "timestamp": c.started.isoformat(), "duration_s": c.talk,
    }  # fmt: skip


def _rows(make: Callable[[Call], Row]) -> Callable[[list[Call]], list[Row]]:
    return lambda given: [make(call) for call in given]


def _table(make: Callable[[Call], Row], delimiter: str = ",", **keys: bool) -> Callable[[list[Call]], bytes]:
    return lambda given: separated(_rows(make)(given), delimiter, **keys)


def _lines(given: list[Call]) -> bytes:
    return b"".join(json.dumps(_nested(call)).encode() + b"\n" for call in given)


def _document(given: list[Call]) -> bytes:
    return json.dumps({"version": 2, "export": {"calls": _rows(_nested)(given)}}, indent=1).encode()


def _xml_safe(c: Call) -> Row:
    return {name.replace(" ", "_").replace("-", "_"): value for name, value in _sub(c).items()}


BY_PLACE = Wishes(country="IN", caller="1", callee="2")
BY_PLACES = replace(BY_PLACE, duration="4")
INDIAN = Wishes(country="IN")  # national numbers: other countries have such, too

KINDS = [
    Kind("asterisk", "Master.csv", _table(_asterisk, quote_all=True), maps=("answered", "ring_ms", "record_id")),
    Kind("semicolons", "calls.csv", _table(_sub, ";"), INDIAN, ("cell",)),
    Kind("bom", "calls.csv", lambda given: b"\xef\xbb\xbf" + separated(_rows(_sub)(given)), INDIAN),
    Kind("crlf", "calls.csv", lambda given: separated(_rows(_sub)(given), "|").replace(b"\n", b"\r\n"), INDIAN),
    Kind("month first", "cdr.csv", _table(_american), maps=("cause",)),
    Kind("epochs", "cdr.tsv", _table(_epochs, "\t"), INDIAN, ("trunk_in", "trunk_out", "ring_ms")),
    Kind("milliseconds", "cdr.csv", _table(_milli, "^"), maps=("imei", "imsi")),
    Kind("go", "cdrs.csv", _table(_go)),
    Kind("messages", "usage.csv", _table(_sms), Wishes(zone="UTC"), ("kind",)),
    Kind("sip", "acc.csv", _table(_sip)),
    Kind("german", "anrufe.csv", _table(_german, ";")),
    Kind("two callees", "cdr.csv", _table(_named_month), Wishes(zone="UTC", callee="dialled")),
    Kind("no header", "calls.csv", _table(_numbers_only, header=False), BY_PLACES, ("kind",)),
    Kind("no suffix", "calls.20260301", _table(_sub, "|", header=False), BY_PLACE),
    Kind("json lines", "calls.jsonl", _lines, maps=("record_id", "ring_ms")),
    Kind("json document", "calls.json", _document, maps=("record_id", "ring_ms", "cell")),
    Kind("xml", "calls.xml", lambda given: xml(_rows(_xml_safe)(given)), INDIAN, ("cell",)),
    Kind("parquet", "calls.parquet", lambda given: parquet(_rows(_typed)(given))),
    Kind("fixed", "calls.txt", lambda given: fixed(_rows(_sub)(given)), BY_PLACE),
    Kind("packed", "calls.csv.gz", lambda given: gzip.compress(separated(_rows(_sub)(given)), mtime=0), INDIAN),
    Kind(
        "zstd", "calls.csv.zst", lambda given: pa.compress(separated(_rows(_sub)(given)), "zstd", asbytes=True), INDIAN
    ),
]
OPAQUE = Kind("opaque", "calls.csv", _table(_opaque), Wishes(zone="UTC"))
