"""Alembic migrations, one line of revisions a database."""
