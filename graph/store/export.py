"""One run as CSV files for `neo4j-admin database import full`, with the command and what is to be run afterwards.

A first load of many millions of pairs takes minutes so, where writing them through a session takes hours. What is
imported is what a publish would have written: `Meta` says `imported` until the constraints stand and somebody makes it
`ready`. Format: https://neo4j.com/docs/operations-manual/5/import/ (headers, id spaces, quoting).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

import cypher
from graph.snapshot import IntArray
from graph.store import rows
from graph.store.shown import Shown
from ingest.progress import Progress

COMMAND_FILE, STATEMENTS_FILE = "import.sh", "after-import.cypher"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
BATCH_ROWS = 200_000  # rows made at a time (bounds memory)
MARK = 1  # of the publish that an import stands for

_NUMBER, _CAMPAIGN = "(Number)", "(Campaign)"  # id spaces of the import
_TYPES = {pa.string(): "", pa.int64(): ":long", pa.float64(): ":double"}


class ExportError(RuntimeError):
    """The folder cannot take an export; the message says what to do."""


@dataclass(frozen=True)
class _File:
    """One file of nodes or relationships: its label or type, rows by batch, and the columns that are ids."""

    name: str
    label: str
    count: int
    rows_of: Callable[[IntArray], pa.Table]
    ids: Mapping[str, str]

    @property
    def option(self) -> str:
        """The option of the import that takes it."""
        return "relationships" if any(header.startswith(":") for header in self.ids.values()) else "nodes"


@dataclass(frozen=True)
class ExportReport:
    """What was written, rows by file, and the command that imports it."""

    folder: Path
    rows: Mapping[str, int]
    command: str

    @property
    def statements(self) -> Path:
        """The statements to be run afterwards."""
        return self.folder / STATEMENTS_FILE


def export(shown: Shown, folder: Path, database: str, progress: Progress) -> ExportReport:
    """Write a run into `folder`, which must be new or empty; the command is written last, so with it all is there.

    Folder and files, which name numbers as they are, are for their owner alone.

    `database` is the one that the command makes, whatever it held before. Raises ExportError.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    if any(folder.iterdir()):
        raise ExportError(f"{folder} is not empty; name a new folder")
    folder.chmod(PRIVATE_FOLDER)
    files = _files(shown)
    for file in files:
        _write(folder, file, progress)
    _write_text(folder / STATEMENTS_FILE, _statements())
    command = _command(folder, database, files)
    _write_text(folder / COMMAND_FILE, f"#!/bin/sh\nset -eu\n{command}\n")
    return ExportReport(folder, {file.name: file.count for file in files}, command)


def _files(shown: Shown) -> list[_File]:
    keys = rows.key_texts(shown)
    ends = {"caller": f":START_ID{_NUMBER}", "callee": f":END_ID{_NUMBER}"}
    member = {"key": f":START_ID{_NUMBER}", "campaign": f":END_ID{_CAMPAIGN}"}
    victim = {"campaign": f":START_ID{_CAMPAIGN}", "key": f":END_ID{_NUMBER}"}
    tie = {"a": f":START_ID{_NUMBER}", "b": f":END_ID{_NUMBER}"}
    tables = (
        ("numbers", "Number", len(shown.snapshot.numbers), rows.number_rows, {"key": f"key:ID{_NUMBER}"}),
        ("campaigns", "Campaign", len(shown.campaigns), rows.campaign_rows, {"id": f"id:ID{_CAMPAIGN}"}),
        ("calls", "CALLED", len(shown.snapshot.edges), _calls, ends),
        ("members", "MEMBER_OF", len(shown.members), rows.member_rows, member),
        ("victims", "TARGETS", len(shown.victims), rows.victim_rows, victim),
        ("links", "LINKED", len(shown.links), rows.link_rows, tie),
    )
    meta = _File("meta", "Meta", 1, lambda _: _meta(shown), {"id": "id:ID(Meta)"})
    return [_File(name, label, count, _bound(of, shown, keys), ids) for name, label, count, of, ids in tables] + [meta]


def _bound(
    rows_of: Callable[[Shown, pa.Array, IntArray], pa.Table], shown: Shown, keys: pa.Array
) -> Callable[[IntArray], pa.Table]:
    return lambda which: rows_of(shown, keys, which).append_column("v", pa.array([MARK] * len(which), pa.int64()))


def _calls(shown: Shown, keys: pa.Array, which: IntArray) -> pa.Table:
    calls = rows.call_rows(shown, keys, which)
    return calls.append_column("seconds", pc.divide(calls["talk_ms"].cast(pa.float64()), 1000.0))


def _meta(shown: Shown) -> pa.Table:
    return pa.Table.from_pylist([{"id": "ringfence", "state": "imported", "v": MARK, **asdict(shown.meta)}])


def _write(folder: Path, file: _File, progress: Progress) -> None:
    progress.stage(f"export {file.name}", file.count, "rows")
    first = file.rows_of(np.arange(0))
    path = folder / f"{file.name}.csv"
    path.touch(PRIVATE_FILE)
    with path.open("wb") as sink:
        sink.write((_header(first.schema, file.ids) + "\n").encode())
        options = csv.WriteOptions(include_header=False)
        with csv.CSVWriter(sink, first.schema, write_options=options) as writer:
            for start in range(0, file.count, BATCH_ROWS):
                batch = file.rows_of(np.arange(start, min(start + BATCH_ROWS, file.count)))
                writer.write_table(batch)
                progress.advance(len(batch))


def _write_text(path: Path, text: str) -> None:
    path.touch(PRIVATE_FILE)
    path.write_text(text, encoding="utf-8")


def _header(schema: pa.Schema, ids: Mapping[str, str]) -> str:
    return ",".join(ids.get(column.name) or column.name + _TYPES[column.type] for column in schema)


def _command(folder: Path, database: str, files: list[_File]) -> str:
    given = [f"--{file.option}={file.label}={shlex.quote(str(folder / f'{file.name}.csv'))}" for file in files]
    options = ["--overwrite-destination", "--id-type=string", *given]
    return " \\\n  ".join([f"neo4j-admin database import full {shlex.quote(database)}", *options])


def _statements() -> str:
    names = [name for name in cypher.names() if name.startswith("schema_")]
    return "\n".join(f"{cypher.text(name).rstrip()};\n" for name in [*names, "import_ready"])
