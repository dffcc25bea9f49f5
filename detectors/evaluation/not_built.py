"""What the product cannot do yet, by the figure that would measure it, with the reason."""

from __future__ import annotations

from collections.abc import Mapping

NOT_BUILT = "not built"
NOT_BUILT_FIGURES: Mapping[str, str] = {
    "campaigns.id_switches": (
        "what every campaign consisted of is kept for the newest runs only, so campaign-days cannot be compared over "
        "the life of a world; `identity` counts what is kept"
    ),
    "campaigns.event_precision": "of the kinds of event only BORN is written; `identity` counts it by itself",
    "campaigns.event_recall": "of the kinds of event only BORN is written; `identity` counts it by itself",
    "campaigns.resurgence_recall": "no RESURGED event is written",
    "evidence.faithfulness": (
        "facts are features of all of a number's calls beside what is typical; they cite neither calls nor links, so "
        "nothing cited could be deleted"
    ),
    "calibration": "the risk is a rank or a module's score, not a probability; `reliability` takes it as one",
}


def under(section: str) -> dict[str, str]:
    """Give NOT_BUILT for each figure of a section that is not built."""
    return {name.split(".")[1]: NOT_BUILT for name in NOT_BUILT_FIGURES if name.startswith(f"{section}.")}
