"""The logical content of a home as digests: equal content gives equal digests, whatever happened on the way."""

from __future__ import annotations

from api import pipeline
from detectors.digest import results_digest
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger import ledger
from ingest.ledger.database import open_database


def home_digest(home: Home) -> dict[str, str]:
    """Give digests of lake, ledger and results, free of clock times and generated ids."""
    row = pipeline.current(home)
    return {
        "lake": Lake(home).digest(),
        "ledger": ledger.digest(open_database(home, "ledger")),
        "results": results_digest(home, row.run_id) if row else "none",
    }
