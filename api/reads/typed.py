"""Numbers as people type them: which nodes can be meant."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from api.reads.answers import InvalidNumber
from api.reads.view import View
from configs import ConfigError
from graph.store.port import Key
from ingest.mapping.operators import Operator, load_operator
from ingest.values.numbers import CHARACTERS, EMPTY, LENGTH, ZERO, Number, normalise, opaque

MOST_SHOWN = 80  # characters of a text that is given back
_WHY = {
    EMPTY: "Type a number.",
    CHARACTERS: "A number is written with digits, +, spaces, dashes and brackets only.",
    LENGTH: "A number has 3 to 15 digits.",
    ZERO: "0 is no number.",
}


def keys_of(view: View, text: str, operator: str | None) -> list[Key] | InvalidNumber:
    """Give the keys that `text` can mean, one an operator, or why it is no number for any of them.

    Each operator's numbers are read as its mapping says: in its country, or as opaque ids.
    """
    operators = view.operators if operator is None else [operator]
    read = [(name, _read(name, text, view.mappings)) for name in operators]
    keys = [Key(name, number.text) for name, number in read if number.text is not None]
    if keys or not read:
        return keys
    fault = read[0][1].fault
    assert fault is not None, "no operator could read it"
    return InvalidNumber(text[:MOST_SHOWN], _WHY[fault])


def _read(operator: str, text: str, own: Path) -> Number:
    mapping = _mapping(operator, own)
    if mapping is None or mapping.numbers == "opaque":
        return opaque(text)
    return normalise(text, mapping.country)


@cache
def _mapping(operator: str, own: Path) -> Operator | None:
    """Give an operator's mapping; None for a network without one that can be used: its numbers are taken as typed."""
    try:
        return load_operator(operator, own)
    except ConfigError:
        return None
