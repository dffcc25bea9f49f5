/** The page: starts every part and tells them of each other. */

import { missed, startAlerts, takeAlert } from "./alerts.js";
import { openCampaign, refreshCampaign, startCampaign } from "./campaign.js";
import { markChosen, refreshCampaigns, startCampaigns } from "./campaigns.js";
import { byId } from "./dom.js";
import { lookUp, openNumber, refreshNumber, startEvidence } from "./evidence.js";
import { refreshHeader, showConnection, startHeader } from "./header.js";
import { startLookup } from "./lookup.js";
import { ALERT_STREAM } from "./queries.js";
import { markNode } from "./ring.js";
import { chosenCampaign, onChoice } from "./route.js";
import { Stream } from "./stream.js";

/** @type {string | null} */
let shownNumber = null;

function start() {
  startEvidence(showNumber);
  startCampaign(openNumber, () => markNode(shownNumber));
  startLookup(lookUp);
  onChoice(choose);
  byId("skip").onclick = skip;
  void startHeader();
  void startCampaigns();
  void startAlerts(lookUp, refresh);
  void openCampaign(chosenCampaign());
  new Stream({ query: ALERT_STREAM, onItem: takeAlert, onState: connected });
}

/** @param {string | null} id */
function choose(id) {
  markChosen();
  void openCampaign(id);
}

/** @param {string | null} id */
function showNumber(id) {
  shownNumber = id;
  markNode(id);
}

/** Since when the stream is down after it was up. @type {Date | null} */
let downSince = null;
let wasLive = false;

/** After a break the lists may be old, whether or not an alert was missed. @param {import("./stream.js").StreamState} state */
function connected(state) {
  showConnection(state);
  if (state.kind !== "live") {
    downSince ??= wasLive ? new Date() : null;
    return;
  }
  if (downSince !== null && !state.resumed) missed(downSince);
  if (downSince !== null) refresh();
  downSince = null;
  wasLive = true;
}

function refresh() {
  void refreshHeader();
  void refreshCampaigns();
  void refreshCampaign();
  void refreshNumber();
}

/** The link must not touch the fragment: that holds the chosen campaign. @param {Event} event */
function skip(event) {
  event.preventDefault();
  byId("campaigns").focus();
}

start();
