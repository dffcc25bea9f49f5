/** The chosen campaign: summary, ring, members, timeline. */

import { byId, el } from "./dom.js";
import { count, counted, percent, span, tenths, words } from "./format.js";
import { ask } from "./graphql.js";
import { riskMark } from "./marks.js";
import { members } from "./members.js";
import { announce, Loader, state } from "./panel.js";
import { CAMPAIGN } from "./queries.js";
import { ring } from "./ring.js";
import { timeline } from "./timeline.js";

const SIZES = [60, 120, 300];
let limit = 120;

/** @type {Loader<any>} */
let panel;
/** @type {string | null} */
let chosen = null;
/** @type {(id: string) => void} */
let openNumber = () => {};
let whenDrawn = () => {};

/** Makes the panel ready. @param {(id: string) => void} open shows a number @param {() => void} drawn called after each drawing */
export function startCampaign(open, drawn) {
  panel = new Loader(byId("campaign"), show);
  openNumber = open;
  whenDrawn = drawn;
}

/** Shows a campaign, or the hint to choose one. @param {string | null} id */
export async function openCampaign(id) {
  chosen = id;
  document.title = "Ringfence";
  if (id === null) {
    panel.put(state("Choose a campaign to see its ring, its members and their evidence."));
    return;
  }
  await panel.load(question, "Loading the campaign…");
  const heading = byId("campaign-heading");
  if (chosen !== id || !heading) return;
  byId("campaign").scrollIntoView({ block: "nearest" });
  announce(`Campaign ${heading.textContent} loaded`);
}

/** Asks for the shown campaign again. */
export async function refreshCampaign() {
  if (chosen !== null) await panel.refresh(question);
}

async function question() {
  return (await ask(CAMPAIGN, { id: chosen, members: 100, limit })).campaign;
}

/** @param {any} campaign @returns {import("./dom.js").Child[]} */
function show(campaign) {
  if (campaign.__typename === "NotFound") return [state(campaign.message)];
  document.title = `${campaign.name} – Ringfence`;
  queueMicrotask(whenDrawn); // after the parts are in the page
  return [head(campaign), summary(campaign), sizes(), ring(campaign, openNumber), members(campaign, openNumber), timeline(campaign.events)];
}

/** @param {any} campaign */
function head({ name, fraudType, status, risk }) {
  return el("div", { class: "panel-head" },
    el("h2", { id: "campaign-heading", tabindex: -1 }, name),
    el("span", {}, words(fraudType)),
    el("span", { class: `status status-${status.toLowerCase()}` }, words(status)),
    riskMark(risk),
    el("a", { class: "to-list", href: location.hash, click: toList }, "Back to the list"));
}

/** @param {Event} event */
function toList(event) {
  event.preventDefault();
  byId("campaigns").focus();
  byId("campaigns").scrollIntoView();
}

/** @param {any} campaign */
function summary(campaign) {
  return el("dl", { class: "pairs wide" },
    pair("Window", span(campaign.window.from, campaign.window.to)),
    pair("Active", span(campaign.firstSeen, campaign.lastSeen)),
    pair("Members", counted(campaign.memberCount, "number")),
    pair("Victims", counted(campaign.victims, "number")),
    pair("Affected", `${count(campaign.affected)} answered or rang back`),
    pair("Velocity", `${tenths(campaign.velocity)} new victims/day`),
    pair("Density", `${percent(campaign.density)} of possible links`));
}

/** @param {string} name @param {string} value */
function pair(name, value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

/** How much of the ring is drawn. */
function sizes() {
  const options = SIZES.map((size) => el("option", { value: size, selected: size === limit }, `${size} numbers`));
  const choose = (/** @type {any} */ event) => {
    limit = Number(event.target.value);
    void refreshCampaign();
  };
  return el("label", { class: "sizes" }, "Draw at most ", el("select", { "data-key": "sizes", change: choose }, ...options));
}
