"""Whom each campaign consists of and hits, so that it is known again however long it was away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "work_0002"
down_revision = "work_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of profiles."""
    op.create_table(
        "campaign_profiles",
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("victims", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "version"),
    )


def downgrade() -> None:
    """Remove the table of profiles."""
    op.drop_table("campaign_profiles")
