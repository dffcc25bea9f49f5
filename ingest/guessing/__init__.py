"""A mapping is guessed from a sample: what each guess rests on, and whether it is sure, is said with it.

Nothing here is used when files are taken in: delivery follows the mapping that a person has seen.
"""
