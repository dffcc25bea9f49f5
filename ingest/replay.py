"""Dead letters become calls: read again through the format they came in, by the mapping as it is now.

What is a call now goes into the lake like any other, leaves the dead letters and is counted in its batch, all in one
transaction of the ledger; what is none stays, with the reason that holds now. Rows keep their places in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from configs import Settings
from ingest.batch import Batches
from ingest.dead.listing import Wanted, find_dead
from ingest.dead.share import DEAD_PER_MILLE, dead_warning
from ingest.disk_full import stopping_when_full
from ingest.files import empty_folder
from ingest.home import Home
from ingest.lake.labels import LABEL_CONFLICTS
from ingest.lake.lake import Lake
from ingest.lake.pair_day import refresh
from ingest.lake.staging import Staging
from ingest.lake.writing import Writing
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from ingest.ledger.dead_letters import packed_blocks, read_blocks, unpacked
from ingest.ledger.ledger import COMPLETED, WITH_REJECTS, BatchRow
from ingest.mapping.operators import load_operator
from ingest.pairing.pairing import Pairing
from ingest.progress import Progress
from ingest.reading import NOT_CALLS, Read
from ingest.rejection import RejectedError
from ingest.reread import Letters
from ingest.upkeep import finish, prepare


@dataclass(frozen=True)
class Replayed:
    """What became of one batch's dead letters."""

    batch: str
    file: str
    operator: str
    read: dict[str, int] = field(default_factory=dict)  # rows read again, by the reason that they had
    became_calls: dict[str, int] = field(default_factory=dict)  # of these
    accepted: int = 0  # calls that are new in the lake; a dry run does not tell
    duplicates: int = 0  # calls that the lake has already
    not_calls: int = 0  # rows that the mapping's filter says are none
    partial: int = 0  # rows of which too little is kept to read them again
    dead_lettered: int = 0  # of the batch, from now on
    message: str | None = None  # why nothing of it could be read again, and what to do


def replay(home: Home, settings: Settings, wanted: Wanted, progress: Progress, dry_run: bool = False) -> list[Replayed]:
    """Read dead letters again and take in what is a call now; the caller holds `home.writing`.

    A dry run says what would become a call and changes nothing. Raises ConfigError for a mapping, DiskFullError where
    the disk is full, OSError for other faults of it.
    """
    with stopping_when_full(home, 0, lambda: empty_folder(home.staging)):
        engine = open_database(home, "ledger")
        if dry_run:
            return _replay(home, engine, settings, wanted, progress, dry_run)
        prepare(home, engine, progress)
        replayed = _replay(home, engine, settings, wanted, progress, dry_run)
        finish(home, engine, settings, progress)  # also where nothing is new: an earlier replay may have died before
        refresh(Lake(home), None, None, settings.features.night_local_h, progress)
        return replayed


def _replay(
    home: Home, engine: Engine, settings: Settings, wanted: Wanted, progress: Progress, dry_run: bool
) -> list[Replayed]:
    found = find_dead(engine, wanted)
    mappings = {name: load_operator(name, home.operators) for name in sorted({batch.operator for batch in found})}
    again = {name: Again(mapping, home, engine, settings, progress) for name, mapping in mappings.items()}
    progress.stage("replay", sum(batch.dead_lettered for batch in found), "rows")
    return [again[batch.operator].replay(batch, wanted.reasons, dry_run) for batch in found]


class Again(Batches):
    """Batches of one operator that are in the ledger already."""

    def replay(self, batch: BatchRow, reasons: Collection[str], dry_run: bool) -> Replayed:
        """Read a batch's dead letters of some reasons (none: all) again."""
        letters = Letters(self.engine, batch, reasons, self.operator, self.limits)
        told = Replayed(batch.id, batch.name, batch.operator, dead_lettered=batch.dead_lettered)
        hindrance = letters.hindrance()
        if hindrance:
            return replace(told, message=hindrance)
        try:
            return self._replay(batch, letters, told, dry_run)
        except RejectedError as refusal:
            return replace(told, message=str(refusal))

    def _replay(self, batch: BatchRow, letters: Letters, told: Replayed, dry_run: bool) -> Replayed:
        with self._staging() as staging, self._pairing(staging.folder) as pairing:
            found = self.readers.take(letters.content(), staging, pairing)
            staging.close()
            self.progress.advance(batch.dead_lettered)
            told = replace(
                told,
                read=_sorted(letters.read),
                became_calls=_sorted(_gone(self.engine, batch, staging) - letters.not_calls),
                not_calls=letters.not_calls.total(),
                partial=letters.partial,
            )
            if dry_run or self._is_unchanged(batch, staging):
                return told
            found.warnings[NOT_CALLS] += letters.not_calls.total()
            return self._take_in(batch, found, staging, pairing, told)

    def _is_unchanged(self, batch: BatchRow, staging: Staging) -> bool:
        before, now = packed_blocks(self.engine, batch.id), (block.block for block in staging.dead.blocks())
        return all(old == new for old, new in zip_longest(before, now))

    def _take_in(
        self, batch: BatchRow, found: Read, staging: Staging, pairing: Pairing | None, told: Replayed
    ) -> Replayed:
        writing = Writing(batch.id, self.home, self.engine)
        writing.write(staging, self.limits.segment_rows)
        changed = self._changed(batch, found, writing)
        self._enter(ledger.enter_replay, changed, writing, staging, pairing)
        return replace(
            told, accepted=writing.accepted, duplicates=writing.duplicates, dead_lettered=changed.dead_lettered
        )

    def _changed(self, batch: BatchRow, found: Read, writing: Writing) -> BatchRow:
        """Give what a batch holds once its dead letters have been read again."""
        dead = found.reasons.total()
        accepted, duplicates = batch.accepted + writing.accepted, batch.duplicates + writing.duplicates
        rows = accepted + duplicates + dead
        warnings = Counter(batch.warnings) + found.warnings
        warnings[LABEL_CONFLICTS] += writing.label_conflicts
        del warnings[DEAD_PER_MILLE]
        warnings.update(dead_warning(rows, dead, self.limits))
        return replace(
            batch,
            rows=rows,
            accepted=accepted,
            duplicates=duplicates,
            dead_lettered=dead,
            reasons=_sorted(found.reasons),
            warnings=_sorted(warnings),
            status=WITH_REJECTS if dead else COMPLETED,
        )


def _gone(engine: Engine, batch: BatchRow, staging: Staging) -> Counter[str]:
    """Count the rows that are dead no more, by the reason that they had."""
    counts: Counter[str] = Counter()
    still = np.empty(0, dtype=np.int64)
    now = (unpacked(block.block)["row"].to_numpy() for block in staging.dead.blocks())
    for before in read_blocks(engine, batch.id):
        rows = before["row"].to_numpy()
        while not len(still) or still[-1] < rows[-1]:
            following = next(now, None)
            if following is None:
                break
            still = np.concatenate([still, following])
        counts.update(before["reason"].filter(pa.array(~np.isin(rows, still))).to_pylist())
        still = still[still > rows[-1]]
    return counts


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted((+counts).items()))
