/** The head of the page: window, figures of the run, state of the live connection. */

import { byId, el, refill } from "./dom.js";
import { count, instant, span } from "./format.js";
import { ask } from "./graphql.js";
import { Loader, state } from "./panel.js";
import { STATS } from "./queries.js";

/** @type {Loader<any>} */
let figures;

/** Loads the figures for the first time. */
export function startHeader() {
  figures = new Loader(byId("stats"), show);
  return figures.load(stats, "Loading the figures of the current run…");
}

/** Asks for the figures again. */
export function refreshHeader() {
  return figures.refresh(stats);
}

async function stats() {
  return (await ask(STATS)).stats;
}

/** @param {any} data @returns {import("./dom.js").Child[]} */
function show(data) {
  if (data === null) return [noRun()];
  byId("window").textContent = `Window ${span(data.window.from, data.window.to)}`;
  return [
    el("dl", { class: "figures" },
      figure("Calls", count(data.totalCalls), "in the window"),
      figure("Numbers", count(data.numbers), "seen in the window"),
      figure("Dangerous", count(data.totalFraudDetected), "numbers now"),
      figure("Suspicious", count(data.suspicious), "numbers now"),
      figure("Campaigns", count(data.activeCampaigns), "active now"),
      figure("Alerts", count(data.alerts), `raised, ${count(data.alertsCounted)} more beyond the daily budget`),
      figure("Store", data.store, `as of ${instant(data.asOf)}`)),
    data.answerStateInferred && el("p", { class: "muted" }, "Answer state inferred: these records have no disposition; a call with talk time counts as answered."),
  ];
}

/** @param {string} name @param {string} value @param {string} unit */
function figure(name, value, unit) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, el("b", {}, value), " ", el("span", { class: "muted" }, unit)));
}

function noRun() {
  return state("No run yet. Take in call records and analyse them with ",
    el("code", {}, "ringfence run PATH… --operator NAME"), ", or see a small world with ", el("code", {}, "ringfence demo"), ".");
}

/** Shows the state of the live connection. @param {import("./stream.js").StreamState} connection */
export function showConnection(connection) {
  const place = byId("connection");
  place.dataset.state = connection.kind;
  place.title = "why" in connection ? connection.why : "";
  refill(byId("connection-text"), sentence(connection));
}

/** @param {import("./stream.js").StreamState} connection */
function sentence(connection) {
  if (connection.kind === "live") return "Live";
  if (connection.kind === "connecting") return "Connecting…";
  if (connection.kind === "refused") return "Not live: no access";
  return `Not live: trying again in ${connection.seconds} s`;
}
