"""What is said of every feature, and of which kinds of entities it can be one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

Tier = Literal["additive", "sequence", "slow"]
Kind = Literal["number", "range", "device", "sim", "cell", "trunk"]
TIERS: tuple[Tier, ...] = ("additive", "sequence", "slow")
KINDS: tuple[Kind, ...] = ("number", "range", "device", "sim", "cell", "trunk")

E164 = "E.164 numbers"
MESSAGES = "messages (records of kind sms)"
TARIFFS = "a tariff table: HOME/plans/tariffs.yaml"
PLANS = frozenset((E164, TARIFFS))  # what only a look-up of numbers in numbering plans tells
LONG_WINDOW = "a window of over features.new_callee_h hours"


@dataclass(frozen=True)
class Feature:
    """One measured property of a number, or of another entity."""

    name: str
    group: str
    unit: str
    tier: Tier
    definition: str
    needs: tuple[str, ...] = ()
    is_count: bool = False  # 0 where there was nothing to count; every other feature is null there
    entities: tuple[Kind, ...] = ("number",)

    def missing(self, recorded: Collection[str]) -> tuple[str, ...]:
        """Give those needs that are not among what the window's calls have recorded."""
        return tuple(need for need in self.needs if need not in recorded)


def count(name: str, group: str, unit: str, tier: Tier, definition: str, needs: tuple[str, ...] = ()) -> Feature:
    """Give a feature that is 0 where there was nothing to count."""
    return Feature(name, group, unit, tier, definition, needs, is_count=True)


def of(kinds: tuple[Kind, ...], features: Iterable[Feature]) -> tuple[Feature, ...]:
    """Give `features` as features of numbers and of those `kinds`."""
    return tuple(replace(feature, entities=("number", *kinds)) for feature in features)
