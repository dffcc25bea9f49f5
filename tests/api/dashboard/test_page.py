"""What an investigator sees and does on the page, served for real."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.dashboard.conftest import OpenPage
from tests.api.dashboard.world import FACT, LARGE, LATE, MIXED, RINGS, SMALL, UNSEEN, Ring

pytestmark = pytest.mark.browser


def campaign_link(page: Page, ring: Ring) -> Locator:
    return page.locator(f'#campaign-list a[data-id="{ring.id}"]')


def nodes(page: Page) -> Locator:
    return page.locator(".ring-picture .node")


def choose(page: Page, ring: Ring) -> None:
    """Choose a campaign by keyboard alone."""
    campaign_link(page, ring).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#campaign-heading")).to_have_text(ring.name)


def test_the_head_says_every_figure_with_its_span(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    calls = sum(len(list(ring.calls())) for ring in [*RINGS, LATE])
    expect(page.locator("#window")).to_have_text("Window 2026-02-16 00:00 – 2026-02-23 00:00 UTC")
    figures = page.locator("#stats")
    expect(figures).to_contain_text("Dangerous")
    expect(figures.locator("dd").first).to_contain_text("in the window")
    expect(figures.locator("dd b").first).to_have_text(f"{calls:,}")
    expect(figures).to_contain_text(f"{len(RINGS)} active now")
    expect(figures).to_contain_text("embedded")
    expect(page.locator("#connection-text")).to_have_text("Live")


def test_campaigns_are_listed_by_risk_page_by_page(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    links = page.locator("#campaign-list a")
    expect(links).to_have_count(50)
    expect(page.locator("#campaigns-count")).to_have_text(f"50 of {len(RINGS)}, highest risk first")
    expect(links.first).to_contain_text("Amber Falcon")
    expect(links.first).to_contain_text("96.5/100")
    expect(links.first).to_contain_text("3 members")
    expect(links.first).to_contain_text("150 victims")
    expect(links.first).to_contain_text("1.5 new victims/day")
    page.get_by_role("button", name="More campaigns").click()
    expect(links).to_have_count(len(RINGS))
    expect(page.get_by_role("button", name="More campaigns")).to_have_count(0)


def test_the_list_is_filtered_by_name_and_by_type(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    links = page.locator("#campaign-list a")
    expect(links).to_have_count(50)
    page.get_by_label("Name contains").fill("meadow")
    expect(links).to_have_count(1)
    expect(page.locator("#campaigns-count")).to_have_text(f"1 match among 50 loaded of {len(RINGS)}")
    page.get_by_label("Name contains").fill("")
    page.get_by_label("Fraud type").select_option("wangiri")
    expect(links).to_have_count(1)
    expect(links.first).to_contain_text(LARGE.name)
    page.get_by_label("Name contains").fill("no such name")
    expect(page.locator("#campaign-list")).to_have_text("No campaign matches the filter.")


def test_a_campaign_is_chosen_by_keyboard_and_its_ring_is_drawn(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    campaign_link(page, LARGE).focus()
    page.keyboard.press("ArrowDown")
    expect(campaign_link(page, MIXED)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#campaign-heading")).to_have_text(MIXED.name)
    assert page.url.endswith(f"#campaign={MIXED.id}")
    expect(campaign_link(page, MIXED)).to_have_attribute("aria-current", "true")
    expect(nodes(page)).to_have_count(5 + 12)
    expect(page.locator(".ring-picture .edge-call")).to_have_count(5 * 12)
    expect(page.locator(".ring-picture .edge-back")).to_have_count(1)
    expect(page.locator(".ring-picture .edge-link")).to_have_count(10)
    expect(page.locator("figcaption")).to_contain_text("5 of 5 members, 12 of 12 victims")
    expect(page.locator(".legend")).to_contain_text("opener")
    expect(page.locator(".timeline")).to_contain_text("5 numbers joined")


def test_what_is_hidden_is_said_and_can_be_drawn(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    choose(page, LARGE)
    expect(nodes(page)).to_have_count(120)
    expect(page.locator("figcaption")).to_contain_text("Showing 3 of 3 members, 117 of 150 victims")
    page.get_by_label("Draw at most").select_option("300")
    expect(nodes(page)).to_have_count(153)
    expect(page.locator("figcaption")).to_contain_text("150 of 150 victims")


def test_the_same_ring_is_drawn_the_same(address: str, open_page: OpenPage) -> None:
    drawings = []
    for _ in range(2):
        page = open_page(f"{address}/#campaign={MIXED.id}")
        expect(nodes(page)).to_have_count(17)
        drawings.append(nodes(page).evaluate_all("all => all.map(node => node.getAttribute('transform'))"))
    assert drawings[0] == drawings[1]
    assert len(set(drawings[0])) == 17


def test_a_member_shows_its_evidence_and_closing_gives_focus_back(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    choose(page, MIXED)
    member = page.get_by_role("button", name=f"Evidence of {MIXED.members[0]}")
    member.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#number")
    expect(panel.locator("h2")).to_have_text(MIXED.members[0])
    expect(panel).to_contain_text("dangerous")
    expect(panel.locator(".facts")).to_contain_text(FACT)
    expect(panel.locator(".facts")).to_contain_text("0.972 callees/attempt")
    expect(panel.locator(".facts")).to_contain_text("0.31 callees/attempt")
    expect(panel.locator(".facts")).to_contain_text("64 %")
    panel.get_by_role("button", name="Close the number").focus()
    page.keyboard.press("Escape")
    expect(panel).to_contain_text("Choose a member")
    expect(member).to_be_focused()


def test_the_ring_works_by_keyboard(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/#campaign={MIXED.id}")
    expect(nodes(page)).to_have_count(17)
    assert page.locator('.node[tabindex="0"]').count() == 1
    page.locator('.node[tabindex="0"]').focus()
    before = page.locator(".node:focus").get_attribute("data-id")
    page.keyboard.press("ArrowDown")
    after = page.locator(".node:focus").get_attribute("data-id")
    assert after not in {None, before}
    expect(page.locator(".readout")).to_contain_text("of 100; here it calls")
    page.keyboard.press("Enter")
    label = page.locator(".node:focus").get_attribute("aria-label") or ""
    expect(page.locator("#number-heading")).to_have_text(label.split(",")[0])
    expect(page.locator(".node:focus")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#campaign-heading")).to_be_focused()


def test_the_whole_way_by_tab_alone(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/#campaign={MIXED.id}")
    expect(nodes(page)).to_have_count(17)
    expect(page.locator("#campaign-list a")).to_have_count(50)
    reached: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.dataset.key || ''"))
    first_node = page.locator(".node").first.get_attribute("data-key")
    assert {"lookup-number", "filter-text", "filter-type", MIXED.id, "more", "sizes", first_node} <= reached
    assert LARGE.id not in reached  # one stop a list: the arrow keys do the rest


def test_the_back_button_goes_to_the_campaign_before(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    choose(page, LARGE)
    choose(page, SMALL[0])
    page.go_back()
    expect(page.locator("#campaign-heading")).to_have_text(LARGE.name)
    page.go_back()
    expect(page.locator("#campaign")).to_contain_text("Choose a campaign")


def test_the_skip_link_keeps_the_choice(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/#campaign={MIXED.id}")
    expect(page.locator("#campaign-heading")).to_have_text(MIXED.name)
    page.locator("#skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#campaigns")).to_be_focused()
    assert page.url.endswith(f"#campaign={MIXED.id}")


def test_an_unknown_campaign_is_a_sentence(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/#campaign=C-NOTHING")
    expect(page.locator("#campaign")).to_contain_text("no campaign")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (LARGE.members[0], "dangerous"),
        (LARGE.members[0].replace("+91", "+91 "), LARGE.members[0]),
        (UNSEEN, "No data in this window"),
        ("not a number", "number"),
    ],
)
def test_a_number_is_looked_up(address: str, open_page: OpenPage, typed: str, said: str) -> None:
    page = open_page(address)
    page.get_by_label("Look up a number").fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#number-heading")).to_be_visible()
    expect(page.locator("#number")).to_contain_text(said)
    if typed not in LARGE.members[0]:
        expect(page.locator("#number")).not_to_contain_text("safe")
    assert typed not in page.url


def test_nothing_is_wider_than_a_phone(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/#campaign={LARGE.id}", viewport={"width": 360, "height": 740})
    expect(nodes(page)).to_have_count(120)
    expect(page.locator("#campaign-list a")).to_have_count(50)
    page.get_by_role("button", name=f"Evidence of {LARGE.members[0]}").click()
    expect(page.locator(".facts")).to_contain_text(FACT)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("getComputedStyle(document.querySelector('main')).gridTemplateColumns.split(' ').length") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(address: str, open_page: OpenPage, scheme: str) -> None:
    page = open_page(f"{address}/#campaign={MIXED.id}", scheme=scheme)
    expect(nodes(page)).to_have_count(17)
    page.get_by_role("button", name=f"Evidence of {MIXED.members[0]}").click()
    expect(page.locator(".facts")).to_contain_text(FACT)
    measured = page.evaluate(CONTRASTS)
    assert len(measured) > 100
    assert [(text, ratio) for text, ratio in measured if ratio < 4.5] == []


CONTRASTS = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const clear = (color) => color.length === 4 && color[3] === 0;
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    const color = rgb(getComputedStyle(element).backgroundColor);
    return clear(color) && element.parentElement ? ground(element.parentElement) : color;
  };
  const ratio = (element) => {
    const style = getComputedStyle(element);
    const text = light(rgb(element instanceof SVGElement ? style.fill : style.color));
    const back = light(ground(element));
    return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.body.querySelectorAll("*")]
    .filter((element) => hasText(element) && element.checkVisibility() && element.tagName !== "title")
    .map((element) => [element.textContent.trim().slice(0, 40), ratio(element)]);
}"""
