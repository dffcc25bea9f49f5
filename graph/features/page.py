"""The catalogue as a page for readers: `docs/features.md` is what this gives (a test compares)."""

from __future__ import annotations

from graph.features.catalogue import FEATURES, GROUPS, PROTOTYPE, features_of
from graph.features.feature import KINDS, TIERS, Feature, Kind

_HEAD = f"""# Features

Every number of a window is described by these {len(FEATURES)} features; the window is the run's. The page is made
from `graph/features/catalogue.py` by `python -m graph.features.page > docs/features.md`.

- A number is who makes or receives a voice call, sends or gets a message, forwards calls or gets forwarded ones in the
  window. Withheld callers are no numbers: their calls and messages count nowhere, except that a call of theirs that
  is forwarded counts as forwarded.
- Only voice calls are attempts; messages count in *messages*, forwarded calls (records of kind `forward`, and others
  with `forwarded_to`) in *forwarding*. A call of a number to itself counts in *traffic*, in *rhythm*, in *lines*, for
  regions and for its own equipment, and nowhere else.
- A share, mean or ratio of nothing is null, a count of nothing is 0.
- A feature that needs what no call of the window has on record is null throughout, and the snapshot's manifest says
  what it needs (`not_computable`). Tables of ranges and tariffs are described in [plans.md](plans.md).
- `answered` is the record's disposition; where it has none, a call with conversation is taken as answered, and the
  manifest says so (`answer_state_inferred`).
- Tiers: *additive* features are sums over calls in any order, *sequence* features look at neighbouring calls, *slow*
  ones at pairs of numbers and at the graph.
- Sums are whole numbers; ratios are taken last and rounded to 1e-9, entropies to 1e-6.
- Isolation Forest and evidence compare numbers by the groups that `detectors/peers.py` names, not by all.

The five features of the reference prototype: {", ".join(f"`{name}`" for name in PROTOTYPE)}.

## Entities

`ringfence features --out FILE --entity KIND` writes the same features of ranges, devices, SIMs, cells or trunks, where
they mean something there. Entities of one operator are kept apart from another's. The entity of a single number is
left out: the number's own row says what there is to say.
"""
_ROLES: dict[Kind, tuple[str, str]] = {
    "number": ("its own", "its own"),
    "range": ("by its numbers (E.164, without the last `links.range_digits` digits)", "by its numbers"),
    "device": ("from it (IMEI)", "none: the record has the caller's device"),
    "sim": ("with it (IMSI)", "none"),
    "cell": ("from it", "none"),
    "trunk": ("that came in by it", "that left by it"),
}


def page() -> str:
    """Give the page as Markdown."""
    counts = ", ".join(f"{sum(f.tier == tier for f in FEATURES)} {tier}" for tier in TIERS)
    return "\n".join([_HEAD, *_entities(), f"\nBy tier: {counts}.", *(_group(group) for group in GROUPS)])


def _entities() -> list[str]:
    rows = [f"| {kind} | {len(features_of(kind))} | {made} | {got} |" for kind, (made, got) in _ROLES.items()]
    return ["| entity | features | calls made | calls received |", "|---|---|---|---|", *rows]


def _group(group: str) -> str:
    rows = [_row(feature) for feature in FEATURES if feature.group == group]
    head = ["| name | unit | tier | definition | needs | entities |", "|---|---|---|---|---|---|"]
    return "\n".join([f"\n## {group}\n", *head, *rows])


def _row(feature: Feature) -> str:
    kinds = "all" if len(feature.entities) == len(KINDS) else ", ".join(feature.entities)
    cells = (f"`{feature.name}`", feature.unit, feature.tier, feature.definition, ", ".join(feature.needs), kinds)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(page())
