"""Revisions of the ledger database."""
