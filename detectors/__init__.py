"""Snapshot and embeddings become scores, alerts and campaigns."""
