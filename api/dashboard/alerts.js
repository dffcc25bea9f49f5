/** Alerts: those that arrive while the page is open, newest first, above those that were there before. */

import { byId, el, refill } from "./dom.js";
import { count, counted, instant, words } from "./format.js";
import { get } from "./graphql.js";
import { riskMark, severityMark } from "./marks.js";
import { announce, Loader, state } from "./panel.js";
import { campaignFragment } from "./route.js";

const KEPT = 100;
const EARLIER = "api/alerts?limit=50";
const SETTLE_MS = 500; // alerts of one run come in a burst; what depends on them is refreshed once

/**
 * @typedef {object} Alert
 * @property {string} id
 * @property {string} severity
 * @property {string} title
 * @property {string} description
 * @property {string} number
 * @property {string | null} campaign
 * @property {string} createdAt
 * @property {string | null} [fraudType]
 * @property {number} [risk]
 */

/** @type {HTMLElement[]} */
let entries = [];
/** @type {Alert[]} */
let fresh = [];
/** @type {Set<string>} */
const heard = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;

/** @type {(number: string) => void} */
let lookUp = () => {};
let refresh = () => {};

/** @param {(number: string) => void} look shows a number @param {() => void} changed called once after a burst of alerts */
export function startAlerts(look, changed) {
  lookUp = look;
  refresh = changed;
  draw();
  return new Loader(byId("earlier-alerts"), showEarlier).load(earlier, "Loading alerts…");
}

/** Takes one item of the stream; gives the sequence number to resume after. @param {any} data @returns {number} */
export function takeAlert({ alertStream: item }) {
  if (item.__typename === "Discontinuity") add(lost(item));
  else if (item.__typename === "IngestWarning") add(ofFile(item));
  else {
    heard.add(item.alert.id);
    fresh.push(item.alert);
    add(entry(item.alert));
  }
  return item.__typename === "Discontinuity" ? item.to : item.seq;
}

/** Says that alerts of a break are not listed, because there was no place to resume from. @param {Date} since */
export function missed(since) {
  const span = `${instant(since.toISOString())} to ${instant(new Date().toISOString())}`;
  add(warning(`The connection was lost from ${span}; alerts raised meanwhile may be missing here.`));
}

/** @param {HTMLElement} item */
function add(item) {
  entries = [item, ...entries].slice(0, KEPT);
  settling ??= setTimeout(settled, SETTLE_MS);
}

function settled() {
  settling = undefined;
  draw();
  if (fresh.length > 0) announce(`${counted(fresh.length, "new alert")}. ${fresh[fresh.length - 1].title}`);
  fresh = [];
  refresh();
}

function draw() {
  const more = heard.size > KEPT ? `, the newest ${KEPT} shown` : "";
  byId("alerts-count").textContent = `${count(heard.size)} new since this page was opened${more}`;
  for (const item of byId("earlier-alerts").querySelectorAll("li")) if (heard.has(item.dataset.id)) item.remove();
  refill(byId("new-alerts"), entries.length > 0 && el("ol", { class: "alerts" }, ...entries));
}

/** @returns {Promise<Alert[]>} */
async function earlier() {
  const rows = await get(EARLIER);
  return rows.map((/** @type {any} */ row) => (
    { ...row, number: row.caller_id, campaign: row.cluster_id, createdAt: row.created_at }));
}

/** @param {Alert[]} alerts */
function showEarlier(alerts) {
  const before = alerts.filter((alert) => !heard.has(alert.id));
  if (before.length === 0) return [state("No alert yet. New ones appear here by themselves.")];
  return [el("ol", { class: "alerts", "aria-label": "Earlier alerts" }, ...before.map(entry))];
}

/** @param {Alert} alert */
function entry(alert) {
  return el("li", { "data-id": alert.id },
    el("p", { class: "row-facts" },
      severityMark(alert.severity),
      heard.has(alert.id) && el("b", { class: "new" }, "new"),
      el("time", { class: "muted", datetime: alert.createdAt }, instant(alert.createdAt)),
      alert.risk !== undefined && riskMark(alert.risk)),
    el("p", {}, el("b", { class: "title" }, alert.title)),
    el("p", { class: "row-facts" },
      el("button", { type: "button", class: "link number", "data-key": `alert:${alert.id}`, click: () => lookUp(alert.number) }, alert.number),
      alert.fraudType && el("span", {}, words(alert.fraudType)),
      alert.campaign && el("a", { href: campaignFragment(alert.campaign), "data-key": `alert-campaign:${alert.id}` }, "Campaign")),
    el("details", {}, el("summary", {}, "Why"), el("p", {}, alert.description)));
}

/** @param {{from: number, to: number, dropped: number}} gap */
function lost({ from, to, dropped }) {
  if (dropped === 0) return warning("The server's event log began anew; alerts may be missing here.");
  return warning(`${counted(dropped, "event")} between no. ${from} and no. ${to} could not be delivered.`);
}

/** @param {{message: string, takenAt: string}} item */
function ofFile({ message, takenAt }) {
  return el("li", { class: "lost" },
    el("p", { class: "row-facts" },
      el("b", { class: "new" }, "file"),
      el("time", { class: "muted", datetime: takenAt }, instant(takenAt))),
    el("p", { class: "strong" }, message),
    el("p", {}, "Mend the mapping, then run `ringfence deadletters replay`."));
}

/** @param {string} text */
function warning(text) {
  return el("li", { class: "lost" }, el("p", { class: "strong" }, text),
    el("p", {}, "Lists and figures are up to date all the same."));
}
