"""What a ring says of numbers beside its own: ranges it sells, innocents whose number it uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.simulator.randomness import IntArray

Label = Literal["fraud", "abused", "victim"]


@dataclass(frozen=True)
class Claim:
    """Numbers that play a part in a campaign for a time."""

    slots: IntArray  # [n]
    role: str
    campaign: int  # row
    since: int | IntArray  # milliseconds since 1970-01-01T00:00Z
    until: int | IntArray
    label: Label = "fraud"
    silenced: bool = False  # what the rightful holders would do in that time does not happen
