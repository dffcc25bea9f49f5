"""The table of the events database: everything that is streamed, numbered in the order in which it became known."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, MetaData, String, Table, UniqueConstraint

EVENTS = MetaData()

events = Table(
    "events",
    EVENTS,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # alert, campaign, run, ingest
    Column("subject", String(64), nullable=False),  # id of what it is about
    Column("scope", String(64), nullable=False),
    Column("run_id", String(64), nullable=False),  # empty for ingest
    Column("at", BigInteger, nullable=False),  # µs, clock time at which it was put in
    Column("payload", JSON, nullable=False),
    UniqueConstraint("kind", "subject", "run_id"),
    sqlite_autoincrement=True,  # a number is never given twice, even after the newest row went
)
