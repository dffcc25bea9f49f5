"""Names that people can say, as Amber Heron: made from the campaign's id, unique within a scope."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

_FIRST = (
    "Amber", "Ash", "Azure", "Brass", "Bright", "Bronze", "Calm", "Cedar", "Chalk", "Clear", "Cobalt", "Copper",
    "Coral", "Crimson", "Dawn", "Distant", "Dusky", "Early", "Ebony", "Ember", "Fern", "Flint", "Frosty", "Gentle",
    "Ginger", "Golden", "Granite", "Green", "Hazel", "Hidden", "Indigo", "Iron", "Ivory", "Jade", "Late", "Lilac",
    "Lonely", "Maple", "Marble", "Misty", "Mossy", "Nimble", "Noble", "Northern", "Olive", "Opal", "Pale", "Pearl",
    "Plum", "Quiet", "Rapid", "Rosy", "Ruby", "Rusty", "Sandy", "Scarlet", "Silent", "Silver", "Slate", "Steady",
    "Stormy", "Swift", "Velvet", "Violet",
)  # fmt: skip
_SECOND = (
    "Badger", "Bear", "Beaver", "Bison", "Bittern", "Buzzard", "Condor", "Coot", "Cormorant", "Crane", "Cuckoo",
    "Curlew", "Dolphin", "Dove", "Dunlin", "Eagle", "Egret", "Falcon", "Ferret", "Finch", "Fox", "Gannet", "Gecko",
    "Goose", "Grebe", "Gull", "Hare", "Harrier", "Hawk", "Heron", "Ibis", "Jackal", "Jay", "Kestrel", "Kite",
    "Lapwing", "Lark", "Lemur", "Linnet", "Lynx", "Magpie", "Marten", "Merlin", "Newt", "Ocelot", "Osprey", "Otter",
    "Owl", "Pelican", "Petrel", "Plover", "Puffin", "Rail", "Raven", "Robin", "Seal", "Siskin", "Sparrow", "Stork",
    "Swan", "Tern", "Thrush", "Weasel", "Wren",
)  # fmt: skip


def name_for(campaign: str, taken: Collection[str]) -> str:
    """Give the name of a new campaign: the first of its id's names that is not `taken` within the scope."""
    pairs = len(_FIRST) * len(_SECOND)
    start = int.from_bytes(hashlib.sha256(campaign.encode()).digest()[:8])
    step = 0
    while (name := _nth(start, step, pairs)) in taken:
        step += 1
    return name


def _nth(start: int, step: int, pairs: int) -> str:
    """All pairs come before the first numbered one, as Amber Heron 2."""
    first, second = divmod((start + step) % pairs, len(_SECOND))
    name = f"{_FIRST[first]} {_SECOND[second]}"
    return name if step < pairs else f"{name} {step // pairs + 1}"
