"""Small files that want to do harm, each through the command as a user has it: seconds, memory, exit code, counts."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HEADER = b"caller_id,receiver_id,call_duration,timestamp\n"
CALL = b"+919876543210,+919876543211,5,2026-01-01T00:00:00Z\n"
USUAL = "usual.csv"
RINGFENCE = str(Path(sys.executable).with_name("ringfence"))


def hostile(place: Path) -> dict[str, Any]:
    """Give for each file what became of it; `growth_mb` is its peak memory less that of a file of one call."""
    folder = place / "hostile"
    folder.mkdir(exist_ok=True)
    # in a process of its own: a child's peak memory counts what its parent held when it was started
    subprocess.run([sys.executable, "-m", "tests.benchmarks.hostile", str(folder)], check=True)
    found = {path.name: _told(path) for path in sorted(folder.iterdir()) if path.is_file()}
    usual = found.pop(USUAL)["peak_rss_mb"]
    for told in found.values():
        told["growth_mb"] = told.pop("peak_rss_mb") - usual
    return found


def _told(path: Path) -> dict[str, Any]:
    began = time.monotonic()
    command = [RINGFENCE, "ingest", str(path), "--home", str(path.parent / f"home-{path.name}"), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    (file,) = json.loads(output)["files"]
    counts = {key: file[key] for key in ("status", "rows", "accepted", "dead_lettered", "duplicates", "reasons")}
    assert file["accepted"] + file["dead_lettered"] + file["duplicates"] == file["rows"]
    return {
        "seconds": round(time.monotonic() - began, 2),
        "peak_rss_mb": usage.ru_maxrss // 1024,
        "exit": process.returncode,
        **counts,
        "reason": file["reason"],
    }


def _files() -> dict[str, bytes]:
    return {
        USUAL: HEADER + CALL,
        "tiny-rows.csv": HEADER + b"x\n" * 4_500_000,
        "empty-fields.csv": HEADER + b",,,\n" * 2_300_000,
        "quotes.csv": HEADER + b'"' * 9_000_000,
        "open-quotes.csv": HEADER + b'a,"b\n' * 1_500_000,
        "one-line.csv": HEADER + b"9" * 9_000_000,
        "wide.csv": HEADER + b"," * 9_000_000,
        "nul.csv": HEADER + b"\0" * 9_000_000,
        "not-utf8.csv": HEADER + b"\xff\xfe,\xff,1,x\n" * 900_000,
        "distinct.csv": HEADER + b"".join(b"%d,%d,%d,%d\n" % (i, i, i, i) for i in range(300_000)),
        "distinct-numbers.csv": HEADER + b"".join(b"%d,%d,1,1\n" % (i, i + 1) for i in range(0, 1_050_000, 2)),
        "bracketed-numbers.csv": HEADER + b"".join(b"(%d) 1-%d,0%d,1,1\n" % (i, i, i) for i in range(330_000)),
        "same-call.csv": HEADER + CALL * 180_000,
        "many-columns.csv": b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n",
        "bomb.csv.gz": gzip.compress(HEADER + b"x\n" * 100_000_000, 9),
        "bomb.zip": _zipped("bomb.csv", HEADER + b"0" * 200_000_000),
        "cut.csv.gz": gzip.compress(HEADER + CALL * 100_000)[:-9],
        "deep.jsonl": b"[" * 5_000_000,
        "wide.jsonl": b'{"caller_id": "' + b"9" * 9_000_000 + b'"}\n',
        "tiny.jsonl": b"{}\n" * 3_000_000,
        "laughs.xml": _laughs(),
        "repeated.parquet": _repeated(),
        "noise.parquet": b"PAR1" + os.urandom(9_000_000) + b"PAR1",
        "noise.ber": os.urandom(1_000_000),
        "noise.csv": os.urandom(9_000_000),
    }


def _zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><x>&l9;</x>'.encode()


def _repeated() -> bytes:
    """A dictionary lets one long text stand for a million."""
    texts = pa.array(["9" * 500_000] * 512)
    table = pa.table(dict.fromkeys(("caller_id", "receiver_id", "call_duration", "timestamp"), texts))
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


if __name__ == "__main__":
    for name, data in _files().items():
        (Path(sys.argv[1]) / name).write_bytes(data)
