"""Who calls whom: the columns of caller and callee, and how numbers are written in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.guessing.draft import Draft
from ingest.guessing.table import filled, share
from ingest.guessing.times import guess_time
from ingest.guessing.values import URI, held, is_address, is_device, is_long_number, is_number, is_sim, is_withheld
from ingest.guessing.words import squeeze

SIDES = ("caller", "callee")
_ENOUGH = 0.8
_ONE_SIDED = frozenset(("msisdn", "account", "servedmsisdn", "subscriber"))
_WAYS = frozenset(
    ("in", "out", "incoming", "outgoing", "inbound", "outbound", "mo", "mt", "originating", "terminating", "moc", "mtc")
)


def choose_parties(draft: Draft) -> None:
    """Find the columns of caller and callee and what their texts are."""
    chosen = {side: _said_or_named(draft, side) for side in SIDES}
    by_value = [name for name in _columns_of_numbers(draft) if name not in chosen.values()]
    for side in SIDES:
        if chosen[side] is None and by_value:
            chosen[side] = _by_value(draft, side, by_value)
        if chosen[side] is None:
            draft.say(side, "", False, "no column is called so, and none holds telephone numbers", side)
    found = {side: name for side, name in chosen.items() if name is not None}
    for side, name in found.items():
        keys = {"regex": URI} if _is_address(draft.texts(name)) else {}
        draft.map(side, name, **keys)
    if found:
        _say_scheme(draft)
        _say_withheld(draft)


def number_texts(draft: Draft, side: str) -> list[str]:
    """Give the texts of a side as the mapping takes them, those that are withheld left out."""
    if side not in draft.fields:
        return []
    field = draft.fields[side]
    texts = filled(draft.texts(str(field["from"])))
    if "regex" in field:
        texts = [found[1] if (found := re.match(URI, text)) else "" for text in texts]
    return [text for text in texts if not is_withheld(text)]


def _said_or_named(draft: Draft, side: str) -> str | None:
    wish = getattr(draft.wishes, side)
    if wish is not None:
        name = draft.column(wish, side)
        draft.say(side, name, True, f"as you said; {_spelt(draft, name)}", side)
        draft.taken.add(name)
        return name
    named = [(name, fits, _fit(draft.texts(name))) for name, fits in draft.named(side)]
    numbered = [entry for entry in named if entry[2] >= _ENOUGH] or named
    if not numbered:
        return None
    best = max(numbered, key=lambda entry: (entry[1], entry[2] >= _ENOUGH))
    rivals = [
        name for name, fits, fit in numbered if name != best[0] and fits == best[1] and _differ(draft, name, best[0])
    ]
    _say_named(draft, side, best[0], rivals)
    draft.taken.add(best[0])
    return best[0]


def _say_named(draft: Draft, side: str, name: str, rivals: Sequence[str]) -> None:
    if rivals:
        evidence = f"called so, but so is {', '.join(rivals)}, with other values"
    elif side == "caller" and squeeze(name) in _ONE_SIDED and (way := _direction(draft)):
        evidence = f"column {way} says that some calls came in: this column would be their callee"
        rivals = [name]
    else:
        evidence = f"the column's name; {_spelt(draft, name)}"
    draft.say(side, name, not rivals, evidence, side, rivals)


def _by_value(draft: Draft, side: str, free: list[str]) -> str:
    name = free.pop(0)
    only = side == "callee" and not free and draft.table.named
    evidence = "the only other column of telephone numbers" if only else "by its place among the columns of numbers"
    draft.say(side, name, only, f"{evidence}; {_spelt(draft, name)}", side, free)
    return name


def _columns_of_numbers(draft: Draft) -> list[str]:
    return [
        name
        for name in draft.free()
        if held(draft.texts(name), is_long_number) >= _ENOUGH or _is_address(draft.texts(name))
        if max(held(draft.texts(name), is_device), held(draft.texts(name), is_sim)) < _ENOUGH
        if guess_time(draft.texts(name)) is None
        if len(set(filled(draft.texts(name)))) > 1
    ]


def _fit(texts: Sequence[str]) -> float:
    shown = [text for text in filled(texts) if not is_withheld(text)]
    return 1.0 if shown and _is_address(shown) else held(shown, is_number)


def _is_address(texts: Sequence[str]) -> bool:
    return held(texts, is_address) >= 0.5


def _differ(draft: Draft, one: str, other: str) -> bool:
    pairs = list(zip(draft.texts(one), draft.texts(other), strict=True))
    return share(sum(a != b for a, b in pairs), len(pairs)) > 0.02


def _spelt(draft: Draft, name: str) -> str:
    texts = draft.texts(name)
    return f"{_fit(texts):.0%} of its values are spelt as telephone numbers"


def _direction(draft: Draft) -> str | None:
    named = (name for name, _ in draft.named("direction"))
    return next((name for name in named if held(draft.texts(name), lambda text: text.casefold() in _WAYS) > 0.5), None)


def _say_scheme(draft: Draft) -> None:
    texts = [text for side in SIDES for text in number_texts(draft, side)]
    fit = held(texts, is_number)
    scheme = "e164" if fit >= 0.5 else "opaque"
    draft.top["numbers"] = scheme
    evidence = f"{fit:.0%} of the callers and callees are spelt as telephone numbers"
    draft.say("numbers", scheme, not 0.2 < fit < _ENOUGH, evidence)


def _say_withheld(draft: Draft) -> None:
    texts = [text for side in SIDES if side in draft.fields for text in _source_texts(draft, side)]
    words = Counter(text.casefold() for text in texts if is_withheld(text))
    if words and draft.top["numbers"] == "e164":
        draft.top["withheld"] = sorted(words)
        draft.say("withheld", ", ".join(sorted(words)), True, f"{words.total():,} values are such words")


def _source_texts(draft: Draft, side: str) -> list[str]:
    return filled(draft.texts(str(draft.fields[side]["from"])))
