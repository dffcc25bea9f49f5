"""Fraud rings, one fraud type a file; the folder is the registry and the file's name is the fraud type.

Each file says what its rings need (NEEDS, an organisation.Needs) and gives `organise(org, country, hardness, rng)`.
"""
