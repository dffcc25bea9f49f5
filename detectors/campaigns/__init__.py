"""Suspicious numbers become rings, rings become campaigns."""
