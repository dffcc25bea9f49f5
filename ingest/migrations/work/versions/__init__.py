"""Revisions of the work database."""
