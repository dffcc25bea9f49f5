"""Ranges, devices, SIMs, cells and trunks: who has them, and the same features as numbers have."""
