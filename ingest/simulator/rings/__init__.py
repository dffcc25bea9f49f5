"""Fraud rings, one fraud type a file; the folder is the registry and the file's name is the fraud type.

Each file says ONE_BLOCK (whether a ring's numbers are leased in one block or bought scattered over a region) and RESTS
(whether it keeps office days) and gives `organise(crew, country, hardness, rng)`.
"""
