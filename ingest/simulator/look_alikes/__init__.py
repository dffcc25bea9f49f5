"""Innocent numbers that share the surface of fraud, one trade a file; the folder is the registry.

Each file says SHARE (of all callers), OFFICE (whether its numbers are fixed lines of an employer, in one block, or the
own mobiles of people with friends), EMPLOYER (smallest and largest staff) and gives `settle(staff, country, rng)`.
"""
