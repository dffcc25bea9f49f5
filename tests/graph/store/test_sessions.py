"""Sessions write every row once, never two blocks that meet, and end at the first failure."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from graph.snapshot import IntArray
from graph.store.partition import Block, edge_blocks
from graph.store.sessions import write_blocks


class Recorder:
    """Takes what sessions write, and looks whether two meet."""

    def __init__(self, blocks: list[Block], together: int) -> None:
        self.bucket_of = {row: block.buckets for block in blocks for row in block.rows.tolist()}
        self.lock = threading.Lock()
        self.under_way: list[frozenset[int]] = []
        self.written: list[int] = []
        self.largest = 0
        self.most = 0
        self.barrier = threading.Barrier(together)

    def write(self, rows: IntArray) -> None:
        """Note a batch, and wait until as many as there are sessions have begun theirs."""
        buckets = self.bucket_of[rows[0]]
        with self.lock:
            assert not any(buckets & other for other in self.under_way)
            self.under_way.append(buckets)
            self.most = max(self.most, len(self.under_way))
            self.largest = max(self.largest, len(rows))
            self.written += rows.tolist()
        if self.barrier.parties > 1:
            self.barrier.wait(timeout=60)
        with self.lock:
            self.under_way.remove(buckets)


def test_every_row_is_written_once_and_no_two_sessions_meet() -> None:
    rng = np.random.default_rng(1)
    callers, callees = (rng.integers(0, 50, 2_000).astype(np.int32) for _ in range(2))
    blocks = edge_blocks(np.arange(2_000), callers, callees, 8)
    recorder = Recorder(blocks, 1)
    heard: list[int] = []
    write_blocks(blocks, 3, 17, recorder.write, heard.append)
    assert sorted(recorder.written) == list(range(2_000))
    assert recorder.largest == max(heard) == 17
    assert sum(heard) == 2_000


def test_as_many_blocks_as_there_are_sessions_are_written_at_the_same_time() -> None:
    blocks = [Block(frozenset({place}), np.arange(4) + 4 * place) for place in range(3)]
    recorder = Recorder(blocks, 3)  # a batch ends only when three have begun
    write_blocks(blocks, 3, 2, recorder.write, lambda _: None)
    assert recorder.most == 3


def test_a_failure_ends_the_work_and_is_raised() -> None:
    blocks = [Block(frozenset(), np.arange(10) + 10 * place) for place in range(50)]
    begun = []

    def write(rows: IntArray) -> None:
        begun.append(rows[0])
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"):
        write_blocks(blocks, 2, 10, write, lambda _: None)
    assert len(begun) < 10


def test_nothing_to_write_is_no_work() -> None:
    def unexpected(what: object) -> None:
        pytest.fail(f"{what} was written")

    write_blocks([Block(frozenset(), np.arange(0))], 2, 10, unexpected, unexpected)
