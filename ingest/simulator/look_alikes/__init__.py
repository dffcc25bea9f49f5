"""Innocent numbers that share the surface of fraud, one trade a file; the folder is the registry.

Each file says what the trade needs (TRADE, a trades.Trade) and gives `settle(staff, country, rng)`.
"""
