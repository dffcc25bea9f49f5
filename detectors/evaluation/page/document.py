"""The page as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np

from detectors.evaluation.judged import Judged
from detectors.evaluation.lives import lives
from detectors.evaluation.page.markup import Markup, tag
from detectors.evaluation.page.plots import (
    SHOWN_LIVES,
    lives_plot,
    look_alike_plot,
    precision_recall,
    reliability_plot,
)
from detectors.evaluation.page.tables import fate_table, identity_table, main_table, table, type_table
from detectors.evaluation.ranking import can_be_ranked, levels_of
from detectors.evaluation.resamples import Resamples
from graph.windows import iso


def report_page(judged: Judged, figures: Mapping[str, Any], draws: Resamples) -> str:
    """Give the page as HTML; it loads nothing."""
    window = f"window {_day(judged.snapshot.window.start)} to {_day(judged.snapshot.window.end)} UTC"
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    head = tag(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", "Quality of a run"),
        tag("style", Markup(style)),
    )
    main = tag("main", _head(judged, figures, window), _plots(judged, figures, draws), *_tables(figures, window))
    return f"<!doctype html>\n{tag('html', head, tag('body', main), lang='en')}\n"


def _head(judged: Judged, figures: Mapping[str, Any], window: str) -> Markup:
    numbers, spread = figures["numbers"], figures["intervals"]
    text = (
        f"Run {judged.results.run}, {window}: {numbers['judged']:,} judged numbers, {numbers['fraud']:,} of them "
        f"fraudulent; {numbers['alerts']:,} alerted of a budget of {numbers['alert_budget']:,}. Intervals cover "
        f"{100 * spread['coverage']:g} %, by bootstrap: {spread['resamples']} resamples of rings and of innocent "
        "numbers. A share of which no number was ever counted has an interval of nothing: look at the count."
    )
    return tag("header", tag("h1", "Quality of a run beside the truth"), tag("p", text))


def _plots(judged: Judged, figures: Mapping[str, Any], draws: Resamples) -> Markup:
    return tag("div", _ranking(judged, draws), _risk(figures), _look_alikes(figures), _lives(judged), class_="plots")


def _ranking(judged: Judged, draws: Resamples) -> Markup:
    fraud, risk = judged.truth.fraud[judged.truth.known], judged.risk[judged.truth.known]
    if not can_be_ranked(fraud):
        return _section("Precision and recall", "Nothing can be ranked: all judged numbers are of one class.")
    plot = precision_recall(levels_of(fraud, risk).ranking(np.ones(len(risk))), draws)
    return _section("Precision and recall", "Of all judged numbers by risk; the band is the interval.", plot)


def _risk(figures: Mapping[str, Any]) -> Markup:
    text = (
        "Not calibrated yet: the risk is no probability. Dots are bands of 10 of the risk as it is stated; were it a "
        "probability, they would lie on the dashed line."
    )
    return _section("Calibration", text, reliability_plot(figures["calibration"]["reliability"]))


def _look_alikes(figures: Mapping[str, Any]) -> Markup:
    shares = figures["look_alikes"]
    if not shares:
        return _section("False alerts by look-alike kind", "The truth names no look-alikes.")
    plot = look_alike_plot(shares, figures["intervals"]["look_alikes"])
    text = "Share of the innocent numbers of a kind that are alerted at the budget; the line is the interval."
    return _section("False alerts by look-alike kind", text, plot)


def _lives(judged: Judged) -> Markup:
    found = lives(judged)
    if not found:
        return _section("Campaign lives", "There is neither a ring nor a campaign.", class_="whole")
    text = (
        "Grey: when members of a ring were at work. Blue: when the campaign that holds most of it was seen. Orange: "
        f"campaigns of no ring. {min(len(found), SHOWN_LIVES)} of {len(found)} are shown."
    )
    return _section("Campaign lives", text, lives_plot(found, judged.snapshot.window), class_="whole")


def _tables(figures: Mapping[str, Any], window: str) -> list[Markup]:
    return [
        _section("Main figures", "", main_table(figures, f"All figures, {window}")),
        _section("By fraud type", "", type_table(figures, f"Numbers, rings and members, {window}")),
        _section("Look-alikes", "", fate_table(figures["look_alike_numbers"], "kind", f"Numbers, {window}")),
        _section("Identity over the cuts", "", identity_table(figures, window)),
        _section("Labels", "", fate_table(figures["labels"], "label", f"Numbers; only fraud is fraud, {window}")),
        _section("Not built", "", table("Figures", ("figure", "why"), figures["not_built"].items())),
    ]


def _section(title: str, text: str, *parts: Markup, class_: str = "") -> Markup:
    return tag("section", tag("h2", title), *([tag("p", text)] if text else []), *parts, class_=class_)


def _day(moment: int) -> str:
    return iso(moment)[:16].replace("T", " ")
