"""Calls that arrive one by one: a durable log, sealed into the lake."""
