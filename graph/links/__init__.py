"""Reasons to tie two numbers, one a file."""
