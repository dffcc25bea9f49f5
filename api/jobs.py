"""Batch jobs: long work with a row that says how far it is, readable by any process."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, desc, insert, select, update

from api.pipeline import WAIT_S, RunReport, RunRequest, analyse, finish_erasures, recover
from api.scope import SCOPE
from configs import Settings
from detectors.results_tables import jobs
from graph.windows import iso
from ingest.home import Home, HomeBusyError
from ingest.ledger.database import open_database
from ingest.ledger.ledger import committed_runs
from ingest.progress import Progress

RUNNING, DONE, FAILED = "RUNNING", "DONE", "FAILED"
_WRITE_EVERY_S = 0.25


@dataclass(frozen=True)
class Job:
    """One job as it stands; progress 0..1 within its stage, times in µs."""

    id: str
    kind: str
    state: str
    stage: str
    progress: float
    created_at: int
    updated_at: int
    error: str | None
    run_id: str | None

    def as_json(self) -> dict[str, Any]:
        """The shape that is printed."""
        times = {"created_at": iso(self.created_at), "updated_at": iso(self.updated_at)}
        return {**self.__dict__, **times}


def list_jobs(home: Home) -> list[Job]:
    """Give all jobs, newest first; one whose process died is first written down as what became of it."""
    with suppress(HomeBusyError), home.writing("jobs"):
        mend(home)
    with open_database(home, "work").connect() as connection:
        rows = connection.execute(select(jobs).order_by(desc(jobs.c.created_at), jobs.c.id)).mappings()
        return [_job(row) for row in rows]


def find_job(home: Home, job_id: str) -> Job | None:
    """Give one job, or None."""
    return next((job for job in list_jobs(home) if job.id == job_id), None)


def rescore(home: Home, settings: Settings, request: RunRequest, progress: Progress) -> tuple[Job, RunReport]:
    """Score the graph anew as a job; the old result is served until the new one is whole.

    Raises HomeBusyError, EmptyWindowError. The job's row carries state, stage and progress.
    """
    with home.writing("rescore", WAIT_S):
        recover(home)
        finish_erasures(home, settings, progress, request.store)
        mend(home)
        work = open_database(home, "work")
        with _job_row(work, "rescore") as job_id:
            shown = _JobProgress(work, job_id, progress)
            report = analyse(home, settings, request, shown, {}, lambda run: _write(work, job_id, run_id=run))
            _write(work, job_id, state=DONE, progress=1.0)
    job = find_job(home, job_id)
    assert job is not None, "the row was just written"
    return job, report


class _JobProgress:
    """Passes progress on and writes it to the job's row a few times a second."""

    def __init__(self, work: Engine, job_id: str, shown: Progress) -> None:
        self._work, self._job_id, self._shown = work, job_id, shown
        self._total: int | None = None
        self._done = 0
        self._written = 0.0

    def stage(self, name: str, total: int | None, unit: str) -> None:
        self._total, self._done, self._written = total, 0, time.monotonic()
        _write(self._work, self._job_id, stage=name, progress=0.0)
        self._shown.stage(name, total, unit)

    def advance(self, n: int) -> None:
        self._done += n
        if self._total and time.monotonic() - self._written > _WRITE_EVERY_S:
            self._written = time.monotonic()
            _write(self._work, self._job_id, progress=min(1.0, self._done / self._total))
        self._shown.advance(n)

    def note(self, text: str) -> None:
        self._shown.note(text)


@contextmanager
def _job_row(work: Engine, kind: str) -> Iterator[str]:
    job_id, now = f"job-{secrets.token_hex(6)}", _now()
    with work.begin() as connection:
        connection.execute(
            insert(jobs).values(
                id=job_id, kind=kind, scope=SCOPE, state=RUNNING, progress=0.0, stage="", created_at=now, updated_at=now
            )
        )
    try:
        yield job_id
    except BaseException as failure:  # re-raised: the row must say how it ended, whatever ended it
        _write(work, job_id, state=FAILED, error=str(failure) or type(failure).__name__)
        raise


def mend(home: Home) -> None:
    """Close the rows of jobs whose process died: DONE where their run counts, else FAILED.

    The caller holds the home's write lock, so whatever is RUNNING has nobody who runs it.
    """
    committed = [row.run_id for row in committed_runs(open_database(home, "ledger"), SCOPE)]
    died = "the process ended before the job did; start it again"
    with open_database(home, "work").begin() as connection:
        running = update(jobs).where(jobs.c.state == RUNNING)
        connection.execute(running.where(jobs.c.run_id.in_(committed)).values(state=DONE, updated_at=_now()))
        connection.execute(running.values(state=FAILED, error=died, run_id=None, updated_at=_now()))


def _write(work: Engine, job_id: str, **values: Any) -> None:
    with work.begin() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values, updated_at=_now()))


def _job(row: Any) -> Job:
    return Job(**{name: row[name] for name in Job.__dataclass_fields__})


def _now() -> int:
    return time.time_ns() // 1000
