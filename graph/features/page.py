"""The catalogue as a page for readers: `docs/features.md` is what this gives (a test compares)."""

from __future__ import annotations

from graph.features.catalogue import FEATURES, GROUPS, PROTOTYPE, TIERS, Feature

_HEAD = f"""# Features

Every number of a window is described by these {len(FEATURES)} features; the window is the run's. The page is made
from `graph/features/catalogue.py` by `python -m graph.features.page > docs/features.md`.

- Only voice calls count. A call of a number to itself counts in *traffic*, in *rhythm* and for regions, and nowhere
  else.
- A share, mean or ratio of nothing is null, a count of nothing is 0.
- A feature that needs what no call of the window has on record is null throughout, and the snapshot's manifest says
  what it needs (`not_computable`).
- `answered` is the record's disposition; where it has none, a call with conversation is taken as answered, and the
  manifest says so (`answer_state_inferred`).
- Tiers: *additive* features are sums over calls in any order, *sequence* features look at neighbouring calls, *slow*
  ones at pairs of numbers and at the graph.
- Sums are whole numbers; ratios are taken last and rounded to 1e-9.

The five features of the reference prototype: {", ".join(f"`{name}`" for name in PROTOTYPE)}.
"""


def page() -> str:
    """Give the page as Markdown."""
    counts = ", ".join(f"{sum(f.tier == tier for f in FEATURES)} {tier}" for tier in TIERS)
    return "\n".join([_HEAD, f"By tier: {counts}.", *(_group(group) for group in GROUPS)])


def _group(group: str) -> str:
    rows = [_row(feature) for feature in FEATURES if feature.group == group]
    return "\n".join([f"\n## {group}\n", "| name | unit | tier | definition | needs |", "|---|---|---|---|---|", *rows])


def _row(feature: Feature) -> str:
    return f"| `{feature.name}` | {feature.unit} | {feature.tier} | {feature.definition} | {', '.join(feature.needs)} |"


if __name__ == "__main__":
    print(page())
