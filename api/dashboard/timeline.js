/** What happened to a campaign, in order. */

import { el } from "./dom.js";
import { counted, instant, words } from "./format.js";
import { campaignFragment } from "./route.js";

/** @param {any[]} events @returns {HTMLElement} */
export function timeline(events) {
  return el("section", { "aria-labelledby": "timeline-heading" },
    el("h3", { id: "timeline-heading" }, "Timeline"),
    events.length === 0 ? el("p", { class: "muted" }, "No event yet.") : el("ol", { class: "timeline" }, ...events.map(entry)));
}

/** @param {any} event */
function entry(event) {
  return el("li", {},
    el("time", { datetime: event.at }, instant(event.at)), " ", el("b", {}, words(event.kind)),
    el("span", { class: "muted" }, ` known ${instant(event.knownAt)}, version ${event.version}`),
    numbers("joined", event.added), numbers("left", event.removed), others(event.others));
}

/** @param {string} what @param {string[]} list */
function numbers(what, list) {
  if (list.length === 0) return null;
  return el("details", {}, el("summary", {}, `${counted(list.length, "number")} ${what}`),
    el("p", { class: "number-list" }, list.join(", ")));
}

/** @param {string[]} ids */
function others(ids) {
  if (ids.length === 0) return null;
  return el("p", {}, "With ", ...ids.flatMap((id) => [el("a", { href: campaignFragment(id) }, id), " "]));
}
