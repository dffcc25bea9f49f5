/** One number: its verdict and the facts behind it. */

import { byId, el, keyed } from "./dom.js";
import { counted, instant, measured, percent, span, words } from "./format.js";
import { ask } from "./graphql.js";
import { bar, riskMark, verdictMark } from "./marks.js";
import { announce, Loader, state } from "./panel.js";
import { LOOKUP, NUMBER_BY_ID } from "./queries.js";
import { campaignFragment } from "./route.js";

/** @type {Loader<any>} */
let panel;
/** @type {(() => Promise<any>) | null} */
let question = null;
/** @type {string | null} */
let opener = null;
/** @type {(id: string | null) => void} */
let whenShown = () => {};

/** Makes the panel ready. @param {(id: string | null) => void} shown called with the id of the number that is shown */
export function startEvidence(shown) {
  panel = new Loader(byId("number"), show);
  whenShown = shown;
  byId("number").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") closeNumber();
  });
  panel.put(hint());
}

/** Shows the number with this id. @param {string} id */
export function openNumber(id) {
  return open(async () => (await ask(NUMBER_BY_ID, { id })).node);
}

/** Shows what is known of a number that somebody typed. @param {string} number */
export function lookUp(number) {
  return open(async () => (await ask(LOOKUP, { number })).lookup);
}

/** Asks again for the number that is shown. */
export async function refreshNumber() {
  if (question) await panel.refresh(question);
}

/** Empties the panel; focus goes back to what opened it. */
export function closeNumber() {
  const back = opener && keyed(document.body, opener);
  question = opener = null;
  panel.put(hint());
  whenShown(null);
  (back ?? byId("lookup-number")).focus();
}

/** @param {() => Promise<any>} asked */
async function open(asked) {
  question = asked;
  opener = document.activeElement?.getAttribute("data-key") ?? null;
  await panel.load(asked, "Loading the number…");
  const heading = byId("number-heading");
  if (question !== asked || !heading) return;
  byId("number").scrollIntoView({ block: "nearest" });
  announce(heading.dataset.said ?? "");
}

function hint() {
  return state("Choose a member or a node of the ring, or look up a number, to see its verdict and evidence.");
}

/** @param {any} found @returns {import("./dom.js").Child[]} */
function show(found) {
  if (found === null) return unknown("This number is not in the current run any more.");
  if (found.__typename === "NoData") return noData(found);
  if (found.__typename === "InvalidNumber") return unknown(found.message, found.number);
  whenShown(found.id);
  return [head(found.number, found.verdict), facts(found), details(found)];
}

/** @param {any} found @returns {import("./dom.js").Child[]} */
function noData({ number, message }) {
  whenShown(null);
  return [head(number, "NO_DATA"), el("p", { class: "strong" }, "No data in this window"), el("p", {}, message)];
}

/** @param {string} message @param {string} [number] @returns {import("./dom.js").Child[]} */
function unknown(message, number = "Number") {
  whenShown(null);
  return [head(number, null), el("p", { class: "strong" }, message)];
}

/** @param {string} number @param {string | null} verdict */
function head(number, verdict) {
  const mark = verdict === null ? null : verdictMark(verdict);
  const said = `${number}: ${mark?.textContent ?? "not shown"}`;
  return el("div", { class: "panel-head" },
    el("h2", { id: "number-heading", class: "number", "data-said": said }, number), mark,
    el("button", { type: "button", class: "close", "data-key": "close-number", "aria-label": "Close the number", click: closeNumber }, "×"));
}

/** @param {any} found */
function facts({ evidence, risk, riskBasis, verdict }) {
  return el("section", { "aria-labelledby": "evidence-heading" },
    el("p", {}, "Risk ", riskMark(risk), el("span", { class: "muted" }, ` basis: ${words(riskBasis)}`)),
    el("h3", { id: "evidence-heading" }, "Evidence ", el("span", { class: "muted" }, counted(evidence.length, "fact"))),
    evidence.length === 0
      ? el("p", { class: "muted" }, verdict === "NO_DATA" ? "No data in this window." : "No fact raised this number's score.")
      : el("ol", { class: "facts" }, ...evidence.map(fact)));
}

/** @param {any} item */
function fact({ feature, value, unit, typical, contribution, text }) {
  return el("li", {},
    el("p", {}, text),
    el("dl", { class: "inline" },
      pair("Value", measured(value, unit)),
      pair("Typical", typical === null ? "unknown" : measured(typical, unit)),
      pair("Share of the score", bar(contribution, "bar-plain"), percent(contribution)),
      pair("Feature", feature)));
}

/** @param {any} found */
function details(found) {
  return el("section", { "aria-labelledby": "details-heading" },
    el("h3", { id: "details-heading" }, "In the window ", el("span", { class: "muted" }, span(found.window.from, found.window.to))),
    el("dl", { class: "pairs" },
      found.campaign && pair("Campaign", el("a", { href: campaignFragment(found.campaign.id) }, found.campaign.name)),
      pair("Role", words(found.role)),
      found.fraudType && pair("Fraud type", words(found.fraudType)),
      pair("Calls made", `${counted(found.outCalls, "call")} to ${counted(found.callees, "number")}`),
      pair("Calls received", `${counted(found.inCalls, "call")} from ${counted(found.callers, "number")}`),
      pair("First seen", instant(found.firstSeen)), pair("Last seen", instant(found.lastSeen)),
      pair("Operator", found.operator), pair("Kind", words(found.kind)),
      found.country && pair("Country", found.country),
      found.region && pair("Region by plan", found.region),
      found.lineType && pair("Line type", words(found.lineType)),
      found.carrier && pair(found.carrierSource === "ported" ? "Carrier after porting" : "Carrier by plan", found.carrier)));
}

/** @param {string} name @param {...import("./dom.js").Child} value */
function pair(name, ...value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, ...value));
}
