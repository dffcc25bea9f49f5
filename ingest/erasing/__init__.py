"""Erasing a number: every file that holds it is written anew without it."""
