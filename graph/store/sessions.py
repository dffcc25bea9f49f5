"""A few sessions at work at the same time, on blocks that do not meet; what is in memory is one batch a session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from graph.snapshot import IntArray
from graph.store.partition import Block

WriteBatch = Callable[[IntArray], None]


def write_blocks(
    blocks: Sequence[Block], sessions: int, batch_rows: int, write: WriteBatch, done: Callable[[int], None]
) -> None:
    """Write all blocks, each batch by batch in one session at a time; `done` hears of rows in the caller's thread.

    The first failure ends the work once the batches under way have ended, and is raised.
    """
    with ThreadPoolExecutor(sessions, thread_name_prefix="publish") as pool:
        _Work(pool, sessions, batch_rows, write, list(blocks)).all(done)


@dataclass(frozen=True)
class _Batch:
    block: Block
    start: int
    end: int


@dataclass
class _Work:
    """Blocks that wait, and batches that are being written."""

    pool: Executor
    sessions: int
    batch_rows: int
    write: WriteBatch
    waiting: list[Block]
    running: dict[Future[None], _Batch] = field(default_factory=dict)

    def all(self, done: Callable[[int], None]) -> None:
        """Write everything."""
        self._begin()
        while self.running:
            for future in wait(self.running, return_when=FIRST_COMPLETED).done:
                batch = self.running.pop(future)
                future.result()
                done(batch.end - batch.start)
                self._go_on(batch.block, batch.end)
            self._begin()

    def _begin(self) -> None:
        """Give idle sessions the first blocks that meet none under way."""
        while len(self.running) < self.sessions:
            busy = {bucket for batch in self.running.values() for bucket in batch.block.buckets}
            place = next((at for at, block in enumerate(self.waiting) if not block.buckets & busy), None)
            if place is None:
                return
            self._go_on(self.waiting.pop(place), 0)

    def _go_on(self, block: Block, start: int) -> None:
        if start < len(block.rows):
            end = min(start + self.batch_rows, len(block.rows))
            future = self.pool.submit(self.write, block.rows[start:end])
            self.running[future] = _Batch(block, start, end)
