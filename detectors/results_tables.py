"""Tables of the work database: what a run adds beside its columns, and the jobs that ran.

Rows of campaigns, events and alerts carry the run that wrote them and count only when the ledger names that run.
Times are microseconds since 1970-01-01T00:00Z.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text

WORK = MetaData()

campaigns = Table(  # the registry: one row a campaign, for ever
    "campaigns",
    WORK,
    Column("id", String(32), primary_key=True),
    Column("scope", String(64), nullable=False),
    Column("name", String(64), nullable=False),  # unique within the scope
    Column("fraud_type", String(64), nullable=False),
    Column("born_at", BigInteger, nullable=False),  # the cut
    Column("run_id", String(64), nullable=False),
    Column("seq", Integer, nullable=False),  # order of birth within the scope, from 1
    Index("campaigns_scope_seq", "scope", "seq"),
)
campaign_events = Table(  # appended, never rewritten but to erase a number
    "campaign_events",
    WORK,
    Column("id", String(64), primary_key=True),
    Column("campaign", String(32), nullable=False),
    Column("scope", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # BORN
    Column("valid_at", BigInteger, nullable=False),  # the cut
    Column("known_at", BigInteger, nullable=False),  # clock time at which it was found out
    Column("version", Integer, nullable=False),
    Column("added", JSON, nullable=False),  # numbers, sorted
    Column("removed", JSON, nullable=False),  # numbers, sorted
    Column("others", JSON, nullable=False),  # ids of other campaigns, sorted
    Column("run_id", String(64), nullable=False),
    Index("campaign_events_campaign", "campaign", "valid_at"),
)
campaign_profiles = Table(  # by which a campaign is known again; the newest version counts
    "campaign_profiles",
    WORK,
    Column("campaign", String(32), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),  # from 1; a new one only where it differs
    Column("scope", String(64), nullable=False),
    Column("members", JSON, nullable=False),  # node keys as text, sorted
    Column("victims", JSON, nullable=False),  # node keys as text, sorted
    Column("run_id", String(64), nullable=False),
)
alerts = Table(
    "alerts",
    WORK,
    Column("id", String(64), primary_key=True),
    Column("scope", String(64), nullable=False),
    Column("operator", String(64), nullable=False),
    Column("number", String(64), nullable=False),
    Column("severity", String(16), nullable=False),  # CRITICAL, HIGH, MEDIUM, LOW
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("campaign", String(32)),
    Column("fraud_type", String(64)),
    Column("risk", Float, nullable=False),  # 0..100
    Column("exposure", BigInteger, nullable=False),  # distinct callees reached
    Column("status", String(16), nullable=False),  # OPEN
    Column("as_of", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),  # clock time
    Column("run_id", String(64), nullable=False),
    Index("alerts_scope_number", "scope", "operator", "number"),
)
jobs = Table(
    "jobs",
    WORK,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("scope", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # RUNNING, DONE, FAILED
    Column("progress", Float, nullable=False),  # 0..1 within the stage
    Column("stage", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),  # clock time
    Column("updated_at", BigInteger, nullable=False),  # clock time
    Column("error", Text),
    Column("run_id", String(64)),
)
