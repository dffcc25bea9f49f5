"""Live ingest on one page: source → mapping → validation → live log, and from there into the lake now and then.

A row counts once its frame is in the log: a kill loses nothing after that, and what was not there yet is read again
from the source, from the position that log and ledger hold.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pyarrow as pa

from configs import Settings
from ingest.admission import Admission
from ingest.canonical import only_calls, with_made
from ingest.cdr import CALL_SCHEMA
from ingest.disk_full import DISK_ERRORS, is_full
from ingest.home import Home, HomeBusyError
from ingest.ledger.database import CONCERNS, open_database, pending
from ingest.ledger.ledger import BatchRow
from ingest.live.log import Frame, Head, LiveLog, logs_of, next_log
from ingest.live.marks import Marks
from ingest.live.sealing import seal_operator
from ingest.mapping.operators import Operator, load_operator
from ingest.progress import Progress, Silent
from ingest.reading import NOT_CALLS, UNKNOWN_COLUMNS
from ingest.records.chunk import DEAD
from ingest.rejection import RejectedError
from ingest.sources import Piece, Source, SourceError, path_of
from ingest.sources.file import FileSource
from ingest.validate import Validator

POLL_S = 0.25  # between looks at a source that gave nothing
RETRY_S = 2.0  # between attempts where the disk is full or the home is being written
END_WAIT_S = 30.0  # at the end, for whoever writes to the home


@dataclass
class StreamReport:
    """What a stream brought; the counts are of what was sealed: accepted + dead_lettered + duplicates == rows."""

    source: str
    rows: int = 0
    accepted: int = 0
    dead_lettered: int = 0
    duplicates: int = 0
    sealed: int = 0  # logs
    position: int = 0  # after the last row that is in a log or in the lake
    reasons: Counter[str] = field(default_factory=Counter)
    waiting: int = 0  # logs that could not be sealed yet
    refusal: str | None = None  # why the source cannot be trusted any further

    def count(self, batch: BatchRow) -> None:
        """Take in what a log brought."""
        self.rows += batch.rows
        self.accepted += batch.accepted
        self.dead_lettered += batch.dead_lettered
        self.duplicates += batch.duplicates
        self.sealed += 1
        self.reasons.update(batch.reasons)

    def as_json(self) -> dict[str, Any]:
        """The shape other programs read."""
        return {
            "source": self.source,
            "rows": self.rows,
            "accepted": self.accepted,
            "dead_lettered": self.dead_lettered,
            "duplicates": self.duplicates,
            "sealed": self.sealed,
            "position": self.position,
            "reasons": dict(sorted(self.reasons.items())),
            "waiting": self.waiting,
            "refusal": self.refusal,
        }


def stream(
    source: str,
    operator: str,
    home: Home,
    settings: Settings,
    progress: Progress,
    stop: Event,
    follow: bool = True,
    idle_exit_s: float | None = None,
) -> StreamReport:
    """Take rows from a source into the lake until `stop` is set, its end is reached or it was idle for so long.

    Without `follow` what is there is read to its end. The home's write lock is held only while sealing. Raises
    SourceError, ConfigError, HomeBusyError where another stream holds the operator's live logs, DamagedLogError.
    """
    mapping = load_operator(operator, home.operators)
    if mapping.pairs:
        raise SourceError(f"{operator} pairs records across files, which needs whole files; use `ringfence ingest`")
    path = path_of(source)
    _make_databases(home)
    with home.streaming(operator, f"stream {source}"):
        marks = Marks(home, operator)
        opened = FileSource(path, mapping, settings.ingest, marks.known)
        try:
            return Streaming(opened, mapping, home, settings, progress, stop, marks).run(follow, idle_exit_s)
        finally:
            opened.close()


def _make_databases(home: Home) -> None:
    """Make what a new home lacks; raises DatabaseError where it is of another version."""
    if pending(home):
        with home.writing("stream", END_WAIT_S):
            for concern in CONCERNS:
                open_database(home, concern)


class NotesOnly(Silent):
    """Passes on what a person should know of work whose stages are short."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def note(self, text: str) -> None:
        """Pass it on."""
        self._progress.note(text)


class Streaming:
    """One stream under way; the caller holds `home.streaming` of its operator."""

    def __init__(
        self,
        source: Source,
        operator: Operator,
        home: Home,
        settings: Settings,
        progress: Progress,
        stop: Event,
        marks: Marks,
    ) -> None:
        self.source, self.operator, self.home, self.settings = source, operator, home, settings
        self.progress, self.stop, self.marks = progress, stop, marks
        self.report = StreamReport(source.name)
        self._log: LiveLog | None = None
        self._kind: tuple[object, ...] = ()  # what all frames of a log share
        self._began = 0.0
        self._not_before = 0.0
        self._said: set[str] = set()

    def run(self, follow: bool, idle_exit_s: float | None) -> StreamReport:
        """Take rows until the end, then seal."""
        self.progress.stage(f"stream {self.source.name}", None, "rows")
        try:
            self._take_all(follow, idle_exit_s)
        except RejectedError as refusal:
            self.report.refusal = str(refusal)
        finally:
            self.close_log()
        self._seal_at_the_end()
        self.report.waiting = len(logs_of(self.home, self.operator.name))
        return self.report

    def take(self, piece: Piece) -> bool:
        """Put a piece into the log; False where there was no room for it until the stream was stopped.

        What a source offers again is passed over.
        """
        mark = self.marks.of(piece.source)
        if mark is not None and piece.end <= mark:
            return True
        frame = self._frame(piece)
        if not self._when_there_is_room(lambda: self._append(frame)):
            return False
        self.marks.move(piece.source, piece.end)
        self.progress.advance(frame.head.rows)
        return True

    def seal(self, wait_s: float = 0.0) -> bool:
        """Seal what is in the logs; False where that has to wait, which is said once."""
        if not self._log and not logs_of(self.home, self.operator.name):
            return True
        try:
            with self.home.writing(f"stream {self.source.name}", wait_s):
                self.close_log()
                batches = seal_operator(self.home, self.operator.name, self.settings, NotesOnly(self.progress))
        except HomeBusyError as busy:
            return self._wait(f"sealing waits: {busy}")
        except DISK_ERRORS as error:
            if not is_full(error):
                raise
            return self._wait(self._full("sealing"))
        self._said.clear()
        for batch in batches:
            self.report.count(batch)
            self._say_sealed(batch)
        return True

    def _take_all(self, follow: bool, idle_exit_s: float | None) -> None:
        active = time.monotonic()
        while not self.stop.is_set():
            piece = self.source.read(ends=not follow)
            for note in self.source.notes():
                self.progress.note(note)
            if piece and not self.take(piece):
                return
            self.report.position = self.source.position
            self._seal_if_due()
            now = time.monotonic()
            active = now if piece else active
            if not piece and (not follow or (idle_exit_s is not None and now - active >= idle_exit_s)):
                return
            if not piece:
                self.stop.wait(POLL_S)

    def _seal_if_due(self) -> None:
        now = time.monotonic()
        if now < self._not_before:
            return
        size, limits = self._log.size if self._log else 0, self.settings.live
        is_old = bool(size) and now - self._began >= limits.seal_after_s
        has_others = len(logs_of(self.home, self.operator.name)) > bool(self._log)
        if (is_old or has_others or size >= limits.seal_bytes) and not self.seal() and size >= limits.seal_bytes:
            self.close_log()

    def _seal_at_the_end(self) -> None:
        while not self.seal(END_WAIT_S):
            if self.stop.wait(RETRY_S):
                self.seal()
                return

    def _frame(self, piece: Piece) -> Frame:
        validator = Validator(self.operator, self.settings.ingest, Admission(time.time_ns() // 1000))
        calls, dead = [CALL_SCHEMA.empty_table()], [DEAD.empty_table()]
        warnings: Counter[str] = Counter()
        for given in piece.chunks:
            chunk, others = only_calls(with_made(given, self.operator), self.operator)
            found = validator.validate(chunk)
            warnings[NOT_CALLS] += others
            warnings.update(found.warnings)
            calls.append(found.calls)
            dead.append(found.dead)
        warnings[UNKNOWN_COLUMNS] = len(piece.unknown)
        valid, letters = pa.concat_tables(calls), pa.concat_tables(dead)
        head = Head(
            source=piece.source,
            start=piece.start,
            end=piece.end,
            rows=len(valid) + len(letters),
            accepted=len(valid),
            dead=len(letters),
            name=self.source.name,
            mapping=self.operator.digest,
            format=self.source.format,
            names=piece.names,
            warnings=dict(sorted((+warnings).items())),
        )
        return Frame(head, valid, letters)

    def _append(self, frame: Frame) -> None:
        kind = (frame.head.names, frame.head.format, frame.head.mapping)
        if self._log and kind != self._kind:
            self.close_log()
        if not self._log:
            self._log = LiveLog(next_log(self.home, self.operator.name))
            self._kind, self._began = kind, time.monotonic()
        self._log.append(frame)

    def _when_there_is_room(self, act: Callable[[], None]) -> bool:
        while True:
            try:
                act()
            except OSError as error:
                if not is_full(error):
                    raise
                self._wait(self._full("the stream"))
            else:
                self._said.discard(self._full("the stream"))
                return True
            if self.stop.wait(RETRY_S):
                return False

    def _wait(self, why: str) -> bool:
        self._not_before = time.monotonic() + RETRY_S
        if why not in self._said:
            self._said.add(why)
            self.progress.note(why)
        return False

    def _full(self, what: str) -> str:
        return f"the disk of {self.home.root} is full; {what} waits and goes on by itself when there is room"

    def close_log(self) -> None:
        """Let go of the log; the next rows begin another one."""
        if self._log:
            self._log.close()
            self._log = None

    def _say_sealed(self, batch: BatchRow) -> None:
        self.progress.note(
            f"sealed {batch.rows:,} rows of {batch.name}: {batch.accepted:,} new calls, "
            f"{batch.dead_lettered:,} dead letters, {batch.duplicates:,} duplicates"
        )
