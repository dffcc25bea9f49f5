"""The page of a small run as a file in Chromium, with the network away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from configs import load_settings
from detectors.evaluation import figures, lay_beside, report_page, resampled
from tests.api.dashboard.test_page import CONTRASTS
from tests.detectors.evaluation.small import fraud, innocent, small_results, small_snapshot, truth_folder

pytestmark = pytest.mark.browser
NASTY = "<script>alert(1)</script> & 'more'"
TRUTH = [
    *(fraud(node, "wangiri", NASTY) for node in range(4)),
    *(fraud(node, "robocall", "B") for node in (4, 5)),
    innocent(6, "courier"),
    innocent(7, "call_centre"),
    innocent(8, "call_centre"),
    innocent(9, label="victim"),
]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    snapshot = small_snapshot(folder / "s1", 10, [(node, 9) for node in range(9)])
    risk = [99.0, 95.0, 90.0, 40.0, 88.0, 20.0, 86.0, 10.0, 0.0, 0.0]
    results = small_results(folder / "r1", risk, {"c1": [0, 1, 2, 6], "c2": [7, 8]})
    judged = lay_beside(truth_folder(folder / "truth", TRUTH), snapshot, results, load_settings())
    draws = resampled(judged)
    (folder / "page.html").write_text(report_page(judged, figures(judged, draws), draws), encoding="utf-8")
    return folder / "page.html"


@pytest.fixture(params=[("light", 1280), ("dark", 360)], ids=["wide-light", "phone-dark"])
def page(request: pytest.FixtureRequest, browser: Browser, page_file: Path) -> Iterator[Page]:
    scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme, offline=True)
    opened = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda said: complaints.append(said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(page_file.as_uri())
    yield opened
    context.close()
    assert asked == [page_file.as_uri()]
    assert complaints == []


def test_every_plot_is_drawn(page: Page) -> None:
    expect(page.get_by_role("heading", level=2)).to_have_text(
        [
            *("Precision and recall", "Calibration", "False alerts by look-alike kind", "Campaign lives"),
            *("Main figures", "By fraud type", "Look-alikes", "Identity over the cuts", "Labels", "Not built"),
        ]
    )
    expect(page.locator("svg")).to_have_count(4)
    expect(page.locator("svg .band")).to_have_count(1)
    expect(page.locator("svg .dot")).to_have_count(6)  # bands of risk with a number
    expect(page.locator("svg .bar.true")).to_have_count(2)
    expect(page.locator("svg .bar.seen")).to_have_count(1)
    expect(page.locator("svg .bar.false")).to_have_count(2 + 1)  # kinds of look-alikes, and the campaign of no ring
    for plot in page.locator("svg").all():
        box = plot.bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 60


def test_figures_have_interval_and_unit(page: Page) -> None:
    found = page.get_by_role("row", name="Rings found 1 ")
    expect(found).to_contain_text("0 to 2")
    expect(found).to_contain_text("rings of 2")
    expect(page.get_by_role("row", name="Faithfulness of evidence")).to_contain_text("not built")
    expect(page.locator("caption").first).to_contain_text("window 2026-05-01 00:00 to 2026-05-08 00:00 UTC")


def test_what_comes_from_data_is_text(page: Page) -> None:
    assert page.locator("script").count() == 0
    assert page.get_by_text(NASTY).count() > 0


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_labels_stay_within_their_drawing(page: Page) -> None:
    outside = page.evaluate(
        """() => [...document.querySelectorAll("svg text")].filter((text) => {
          const box = text.getBBox(), whole = text.ownerSVGElement.viewBox.baseVal;
          return box.x < 0 || box.y < 0 || box.x + box.width > whole.width || box.y + box.height > whole.height;
        }).map((text) => text.textContent)"""
    )
    assert outside == []


def test_text_has_contrast(page: Page) -> None:
    measured = page.evaluate(CONTRASTS)
    assert len(measured) > 100
    assert [(text, ratio) for text, ratio in measured if ratio < 4.5] == []


def test_a_world_without_fraud_has_a_page_too(tmp_path: Path) -> None:
    snapshot = small_snapshot(tmp_path / "s1", 3, [(0, 1), (1, 2)])
    results = small_results(tmp_path / "r1", [0.0, 0.0, 0.0], {})
    truth = truth_folder(tmp_path / "truth", [innocent(node) for node in range(3)])
    judged = lay_beside(truth, snapshot, results, load_settings())
    draws = resampled(judged)
    text = report_page(judged, figures(judged, draws), draws)
    assert "Nothing can be ranked" in text
    assert "names no look-alikes" in text
    assert "neither a ring nor a campaign" in text
