"""Homes in which numbers are erased."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from api.erase import EraseReport, erase, read_numbers
from configs import load_settings
from detectors.results_tables import alerts
from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.progress import Silent
from tests.api.cli.commands import done

SIMULATED = ("--callers", "6000", "--days", "3", "--rings", "3", "--seed", "10", "--hardness", "easy")


def simulated(folder: Path) -> Path:
    """Write the files of a small easy world with three rings."""
    done("simulate", "--out", str(folder), *SIMULATED)
    return folder


def erased(home: Home, *numbers: str, store: str = "embedded") -> EraseReport:
    """Erase numbers as they are typed."""
    meant = read_numbers(home, numbers)
    return erase(home, load_settings(), meant, store, Silent())


def alerted(home: Home) -> list[str]:
    """The numbers that alerts are about, the riskiest first."""
    riskiest = select(alerts.c.number).order_by(alerts.c.risk.desc(), alerts.c.number)
    with open_database(home, "work").connect() as connection:
        return list(connection.execute(riskiest).scalars())
