"""Everything else that a record may tell: kind, answer, device, SIM, cell, trunks, cause, regions, ids, labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ingest.guessing.draft import Draft
from ingest.guessing.table import filled
from ingest.guessing.values import MOST, answers, held, is_device, is_number, is_sim, kinds
from ingest.values.zones import zone_names

_LEAST_ID = 12  # characters of an id that is not a mere counter, which may begin anew tomorrow


def _is_id(text: str) -> bool:
    return text.isdigit() and 14 <= len(text) <= 17


def _any(texts: Sequence[str]) -> bool:
    return bool(filled(texts))


_CHECKS: dict[str, Callable[[Sequence[str]], bool]] = {
    "imei": lambda texts: held(texts, _is_id) >= MOST,
    "imsi": lambda texts: held(texts, _is_id) >= MOST,
    "cell": _any,
    "trunk_in": _any,
    "trunk_out": _any,
    "forwarded_to": lambda texts: held(texts, is_number) >= MOST,
    "cause": _any,
    "origin_region": _any,
    "target_region": _any,
    "zone": lambda texts: held(texts, lambda text: text in zone_names()) >= MOST,
    "label": lambda texts: held(texts, lambda text: text in ("0", "1")) >= MOST,
}


def choose_extras(draft: Draft) -> None:
    """Map the columns that calls can do without, where names and values agree."""
    _choose_kind(draft)
    _choose_answered(draft)
    for canonical, fits in _CHECKS.items():
        name = next((name for name, _ in draft.named(canonical) if fits(draft.texts(name))), None)
        if name is not None:
            draft.map(canonical, name, optional=True)
            draft.say(canonical, name, True, "the column's name")
    _choose_record_id(draft)
    if not draft.table.named:
        _choose_by_value(draft)


def _choose_kind(draft: Draft) -> None:
    named = [name for name, _ in draft.named("kind")] if draft.table.named else draft.free()
    name = next((name for name in named if _says_kind(draft, name)), None)
    if name is None:
        return
    words = kinds(draft.texts(name))
    others = [word for word, kind in words.items() if not kind]
    if others:
        draft.top["only"] = [{"from": name, "not_in": others}]
        draft.say("rows that are no calls", f"{name} is {', '.join(others)}", True, "they are counted and left out")
    draft.map("kind", name, lookup={word: kind for word, kind in words.items() if kind}, optional=True)
    _say_halves(draft, name, words)
    draft.say("kind", name, True, ", ".join(f"{word} → {kind}" for word, kind in words.items() if kind))


def _say_halves(draft: Draft, name: str, words: Iterable[str]) -> None:
    """Say it where records of the caller's and of the callee's side stand beside each other, as MOC and MTC."""
    folded = {word.casefold() for word in words}
    both = sorted(word for word in folded if "mo" in word and word.replace("mo", "mt", 1) in folded)
    if both:
        pair = f"{both[0]} and {both[0].replace('mo', 'mt', 1)}"
        evidence = f"{name} has {pair}: of calls that have both, leave one out by `only`"
        draft.say("halves of calls", "", False, evidence)


def _says_kind(draft: Draft, name: str) -> bool:
    words = kinds(draft.texts(name))
    telling = draft.table.named or bool({"voice", "sms"} & {word.casefold() for word in words})
    return telling and bool(set(words.values()) - {""})


def _choose_answered(draft: Draft) -> None:
    named = [name for name, _ in draft.named("answered")] if draft.table.named else draft.free()
    for name in named:
        words = answers(draft.texts(name))
        if not words or not (draft.table.named or all(not word.isdigit() for word in words)):
            continue
        unknown = sorted(set(filled(draft.texts(name))) - set(words))
        draft.map("answered", name, lookup=words, **{"else": ""}, optional=True)
        told = ", ".join(f"{word} → {truth}" for word, truth in words.items())
        draft.say("answered", name, not unknown, told + (f"; not known: {', '.join(unknown[:5])}" if unknown else ""))
        return


def _choose_record_id(draft: Draft) -> None:
    """Map an id only where it is one: calls of equal ids are one call."""
    for name, _ in draft.named("record_id"):
        texts = draft.texts(name)
        unique = len(set(texts)) == len(texts) and len(filled(texts)) == len(texts) and len(texts) > 1
        if unique and held(texts, lambda text: len(text) >= _LEAST_ID) >= MOST:
            draft.map("record_id", name, optional=True)
            draft.say("record_id", name, True, "the column's name; long, never empty and never twice in the sample")
            return
        why = "short, and may begin anew" if unique else "empty or the same in several rows"
        draft.say("record_id", "", True, f"{name} is left out: {why}, and equal ids would be taken as one call")


def _choose_by_value(draft: Draft) -> None:
    for canonical, fits in (("imei", is_device), ("imsi", is_sim)):
        name = next((name for name in draft.free() if held(draft.texts(name), fits) >= MOST), None)
        if name is not None:
            draft.map(canonical, name, optional=True)
            draft.say(canonical, name, True, "by its digits")
