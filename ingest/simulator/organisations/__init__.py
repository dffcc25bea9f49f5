"""Rings as organisations: posts, their numbers in the course of time, and what they claim."""
