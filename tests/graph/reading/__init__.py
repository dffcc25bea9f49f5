"""Tests of reading a window."""
