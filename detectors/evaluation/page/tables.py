"""The tables of the page: every figure with its interval and unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from detectors.evaluation.bootstrap import Interval
from detectors.evaluation.page.markup import Markup, tag

MAIN: Sequence[tuple[str, str, str, str]] = (
    ("numbers", "auc", "Area under the ROC curve", "0 to 1"),
    ("numbers", "ap", "Average precision", "0 to 1"),
    ("numbers", "precision_at_1pct", "Precision in the top 1 % of numbers", "share"),
    ("numbers", "precision_at_5pct", "Precision in the top 5 % of numbers", "share"),
    ("numbers", "recall_at_precision_90", "Recall at a precision of 0.9", "share"),
    ("numbers", "false_alerts_per_10k", "False alerts at the alert budget", "per 10,000 innocent numbers"),
    ("numbers", "alert_precision", "Alerts that are fraudulent", "share"),
    ("numbers", "alert_recall", "Fraudulent numbers that are alerted", "share"),
    ("campaigns", "b_cubed_precision", "B³ precision", "0 to 1"),
    ("campaigns", "b_cubed_recall", "B³ recall", "0 to 1"),
    ("campaigns", "b_cubed_f1", "B³ F1", "0 to 1"),
    ("campaigns", "rings_found", "Rings found", "rings of {rings_planted}"),
    ("campaigns", "rings_found_of_active_members", "Rings found, of active members", "rings of {rings_active}"),
    ("campaigns", "member_precision", "Reported members that are fraudulent", "share"),
    ("organisations", "b_cubed_f1", "B³ F1, of organisations", "0 to 1"),
    ("organisations", "rings_found", "Organisations found", "organisations of {rings_planted}"),
    ("campaigns", "id_switches", "Changes of identity", "campaign-days"),
    ("campaigns", "event_precision", "Event precision", "share"),
    ("campaigns", "event_recall", "Event recall", "share"),
    ("campaigns", "resurgence_recall", "Resurgence recall", "share"),
    ("evidence", "faithfulness", "Faithfulness of evidence", "share"),
)


def main_table(figures: Mapping[str, Any], caption: str) -> Markup:
    """Give the main figures."""
    rows = [
        (label, figures[section][name], _interval(figures, section, name), unit.format_map(figures[section]))
        for section, name, label, unit in MAIN
    ]
    return table(caption, ("figure", "value", "interval", "unit"), rows)


def type_table(figures: Mapping[str, Any], caption: str) -> Markup:
    """Give what was found of each fraud type and where its members were lost."""
    ends, gate = figures["intervals"]["by_fraud_type"], figures["gate"]["by_fraud_type"]
    rows = [
        (
            *(name, of["numbers"], of["recall"], said(ends[name]["recall"])),
            *(of["alerted_share"], of["rings_found"], of["rings_planted"], said(ends[name]["rings_found"])),
            *(gate[name]["silent"], gate[name]["lost_at_gate"], gate[name]["reported"]),
        )
        for name, of in figures["by_fraud_type"].items()
    ]
    columns = (
        *("fraud type", "numbers", "dangerous (share)", "interval", "alerted (share)"),
        *("rings found", "rings planted", "interval", "silent members", "lost at the gate", "reported members"),
    )
    return table(caption, columns, rows)


def fate_table(numbers: Mapping[str, Mapping[str, int]], what: str, caption: str) -> Markup:
    """Give how many numbers of each label or kind there are, are alerted and are dangerous."""
    rows = [(name, of["numbers"], of["alerted"], of["dangerous"]) for name, of in numbers.items()]
    return table(caption, (what, "numbers", "alerted", "dangerous"), rows)


def identity_table(figures: Mapping[str, Any], window: str) -> Markup:
    """Give what can be counted of identity; without earlier cuts there is nothing to compare."""
    identity = figures["identity"] or {"cuts": 1, "campaign_days": 0, "id_switches": None, "events": {}}
    caption = (
        f"Events of {identity['cuts']} cuts, {window}; {value_of(identity['id_switches'])} changes of identity in "
        f"{identity['campaign_days']} campaign-days"
    )
    rows = [(kind, *of.values()) for kind, of in identity["events"].items()]
    return table(caption, ("event", "happened", "written", "precision", "recall"), rows)


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """Give a table that scrolls by itself where it is wider than the page."""
    head = tag("tr", *(tag("th", name, scope="col") for name in columns))
    body = [tag("tr", *(_cell(value) for value in row)) for row in rows]
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    return tag("div", whole, class_="wide", tabindex=0, role="region", aria_label=caption)


def said(ends: Interval) -> str:
    """Give an interval in words."""
    return f"{value_of(ends[0])} to {value_of(ends[1])}" if ends else "–"


def value_of(value: object) -> str:
    """Give a value in words; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else str(value)


def _interval(figures: Mapping[str, Any], section: str, name: str) -> str:
    return said(figures["intervals"].get(section, {}).get(name))


def _cell(value: object) -> Markup:
    is_number = isinstance(value, (int, float))
    return tag("td", value_of(value), class_="number") if is_number else tag("td", value_of(value))
