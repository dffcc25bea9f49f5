/** The list of campaigns, by risk: filter, pages, choice by link or arrow keys. */

import { byId, el, refill } from "./dom.js";
import { count, counted, minute, tenths, words } from "./format.js";
import { ask } from "./graphql.js";
import { riskMark } from "./marks.js";
import { Loader, state } from "./panel.js";
import { CAMPAIGNS } from "./queries.js";
import { campaignFragment, chosenCampaign } from "./route.js";

const PAGE = 50;
const LARGEST_PAGE = 200;

/** @typedef {{rows: any[], total: number, end: string | null, more: boolean}} Loaded */

/** @type {Loader<Loaded>} */
let list;
/** @type {Loaded} */
let loaded = { rows: [], total: 0, end: null, more: false };
/** @type {Set<string>} */
const types = new Set();

/** Loads the first page and makes the filters work. */
export function startCampaigns() {
  list = new Loader(byId("campaign-list"), show);
  byId("filter-text").oninput = redraw;
  byId("filter-type").onchange = load;
  byId("campaign-list").addEventListener("keydown", moved);
  return load();
}

/** Asks again for as many campaigns as are shown. */
export function refreshCampaigns() {
  return list.refresh(() => pages(Math.max(PAGE, loaded.rows.length)));
}

/** Marks the campaign that the address names. */
export function markChosen() {
  for (const link of links()) mark(link);
}

function load() {
  return list.load(() => pages(PAGE), "Loading campaigns…");
}

/** @param {number} wanted @returns {Promise<Loaded>} */
async function pages(wanted) {
  let found = await page(null, Math.min(wanted, LARGEST_PAGE));
  while (found.more && found.rows.length < wanted) found = await extended(found);
  return found;
}

/** @param {Loaded} before @returns {Promise<Loaded>} */
async function extended(before) {
  const next = await page(before.end, PAGE);
  return { ...next, rows: [...before.rows, ...next.rows] };
}

/** @param {string | null} after @param {number} first @returns {Promise<Loaded>} */
async function page(after, first) {
  const type = byId("filter-type").value;
  const { campaigns } = await ask(CAMPAIGNS, { first, after, filter: type ? { fraudTypes: [type] } : null });
  const { hasNextPage: more, endCursor: end } = campaigns.pageInfo;
  return { rows: campaigns.edges.map((/** @type {any} */ edge) => edge.node), total: campaigns.totalCount, end, more };
}

/** @param {Loaded} answer @returns {import("./dom.js").Child[]} */
function show(answer) {
  loaded = answer;
  offerTypes(answer.rows);
  return drawn();
}

function redraw() {
  refill(byId("campaign-list"), ...drawn());
}

/** @returns {import("./dom.js").Child[]} */
function drawn() {
  const text = byId("filter-text").value.trim().toLowerCase();
  const rows = loaded.rows.filter((row) => row.name.toLowerCase().includes(text));
  byId("campaigns-count").textContent = counts(rows.length, text !== "");
  const items = rows.map(item);
  const first = items.find((li) => li.querySelector("[aria-current]")) ?? items[0];
  first?.querySelector("a")?.setAttribute("tabindex", "0");
  return [rows.length === 0 ? nothing(text) : el("ul", { class: "campaigns" }, ...items), loaded.more && moreButton()];
}

/** @param {number} shown @param {boolean} filtered */
function counts(shown, filtered) {
  if (filtered) return `${count(shown)} match among ${count(loaded.rows.length)} loaded of ${count(loaded.total)}`;
  return `${count(shown)} of ${count(loaded.total)}, highest risk first`;
}

/** @param {string} text */
function nothing(text) {
  const filtered = text !== "" || byId("filter-type").value !== "";
  return state(filtered ? "No campaign matches the filter." : "No campaign in this window.");
}

/** @param {any} row @returns {HTMLElement} */
function item(row) {
  const link = el("a", { href: campaignFragment(row.id), "data-key": row.id, "data-id": row.id, tabindex: -1 },
    el("span", { class: "row-head" }, el("b", { class: "name" }, row.name), riskMark(row.risk)),
    el("span", { class: "row-facts" },
      el("span", {}, words(row.fraudType)),
      el("span", { class: `status status-${row.status.toLowerCase()}` }, words(row.status)),
      el("span", {}, counted(row.memberCount, "member")),
      el("span", {}, counted(row.victims, "victim")),
      el("span", {}, `${tenths(row.velocity)} new victims/day`)),
    el("span", { class: "row-facts muted" }, `${minute(row.firstSeen)} – ${minute(row.lastSeen)} UTC`));
  mark(link);
  return el("li", {}, link);
}

/** @param {HTMLElement} link */
function mark(link) {
  if (link.dataset.id === chosenCampaign()) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

function moreButton() {
  const more = () => list.refresh(() => extended(loaded));
  return el("button", { type: "button", class: "more", "data-key": "more", click: more }, "More campaigns");
}

/** @param {any[]} rows */
function offerTypes(rows) {
  for (const row of rows) {
    if (types.has(row.fraudType)) continue;
    types.add(row.fraudType);
    byId("filter-type").append(el("option", { value: row.fraudType }, words(row.fraudType)));
  }
}

/** Arrow keys, Home and End move along the list. @param {KeyboardEvent} event */
function moved(event) {
  const all = links();
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  /** @type {Record<string, number>} */
  const targets = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
  const next = all[targets[event.key]];
  if (at < 0 || !next) return;
  event.preventDefault();
  all[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/** @returns {HTMLElement[]} */
function links() {
  return [...byId("campaign-list").querySelectorAll("a")];
}
