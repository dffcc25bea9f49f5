"""Readers of file formats, one a file, found by name."""
