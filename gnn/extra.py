"""The extra `gnn`: whether what learns and embeds is installed."""

from __future__ import annotations

from importlib.util import find_spec

PACKAGES = ("torch", "torch_geometric", "safetensors")


class GnnError(RuntimeError):
    """Embeddings cannot be made; the message says why and what to do."""


class GnnMissingError(GnnError):
    """The extra is not installed; the message says how to get it."""


def require() -> None:
    """Raise GnnMissingError where a library of the extra is missing; imports none of them."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise GnnMissingError(
            f"embeddings need the extra gnn, and {', '.join(missing)} cannot be found: run `make setup`, or "
            "`pip install --requirement requirements-gnn.lock`; everything else works without it"
        )
