"""Calls become the operator's files."""
