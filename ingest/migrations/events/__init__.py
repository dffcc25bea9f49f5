"""Revisions of the events database."""
