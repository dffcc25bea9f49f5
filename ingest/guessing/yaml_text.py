"""A guessed mapping as YAML, each guess with its evidence beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.guessing.guess import Guess
from ingest.guessing.mapping import GuessedMapping

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*([ ./-][A-Za-z0-9_]+)*")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))  # YAML takes them for something else
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_COMMENTED = {  # the guesses that a key rests on
    "country": ("country",),
    "zone": ("zone",),
    "numbers": ("numbers",),
    "withheld": ("withheld",),
    "csv": ("delimiter", "header"),
    "fixed": ("columns",),
    "xml": ("record",),
    "json": ("records",),
    "only": ("rows that are no calls",),
    "started": ("started", "time format"),
    "talk_ms": ("duration", "unit of the duration", "empty duration"),
    "ring_ms": ("ringing",),
}
_WIDTH = 116


def mapping_text(name: str, sample: str, guessed: GuessedMapping) -> str:
    """Give the whole file; `sample` is the name of the file that it was guessed from."""
    lines = [
        *_comment(
            f"{name}: guessed from {sample} by `ringfence add-operator`. Look it through and mend what is wrong;"
        ),
        *_comment("docs/add-an-operator.md says how, and how rows that were refused are taken in afterwards."),
        "",
        *_keys(guessed.keys, guessed.guesses),
    ]
    if guessed.left:
        lines += ["", *_comment(f"Columns that mean nothing here: {', '.join(guessed.left)}")]
    return "\n".join(lines) + "\n"


def _keys(keys: Mapping[str, object], guesses: Sequence[Guess]) -> Iterator[str]:
    for key, value in keys.items():
        yield from _evidence(key, guesses)
        if key != "fields":
            yield f"{key}: {flow(value)}"
            continue
        yield "fields:"
        assert isinstance(value, Mapping), "canonical columns by name"
        for canonical, field in value.items():
            yield from (f"  {line}" for line in _evidence(canonical, guesses))
            yield f"  {canonical}: {flow(field)}"


def _evidence(key: str, guesses: Sequence[Guess]) -> Iterator[str]:
    for guess in guesses:
        if guess.what in _COMMENTED.get(key, (key,)):
            doubt = "" if guess.sure else "NOT SURE. "
            yield from _comment(f"{guess.what}: {doubt}{guess.evidence}")


def _comment(text: str) -> Iterator[str]:
    line = "#"
    for word in _UNPRINTABLE.sub("?", text).split():
        if len(line) + 1 + len(word) > _WIDTH and line != "#":
            yield line
            line = "#"
        line += f" {word}"
    yield line


def flow(value: object) -> str:
    """Give a value in YAML's flow style, as one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(key))}: {flow(inner)}" for key, inner in value.items()) + "}"
    assert isinstance(value, Sequence), "mappings hold texts, numbers, truths, lists and mappings"
    return "[" + ", ".join(flow(inner) for inner in value) + "]"


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: _escaped(found[0]), quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
