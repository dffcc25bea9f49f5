/** The members of a campaign as a table, page by page. */

import { el, refill } from "./dom.js";
import { count, minute } from "./format.js";
import { ask, ServerError } from "./graphql.js";
import { riskMark, roleMark } from "./marks.js";
import { notice } from "./panel.js";
import { MEMBERS } from "./queries.js";

/**
 * Makes the table of the first page with a button for more.
 * @param {any} campaign @param {(id: string) => void} open @returns {HTMLElement}
 */
export function members(campaign, open) {
  const section = el("section", { "aria-labelledby": "members-heading" });
  fill(section, campaign, campaign.members, open);
  return section;
}

/** @param {HTMLElement} section @param {any} campaign @param {any} page @param {(id: string) => void} open */
function fill(section, campaign, page, open) {
  refill(section,
    el("h3", { id: "members-heading" }, "Members ",
      el("span", { class: "muted" }, `${count(page.edges.length)} of ${count(page.totalCount)}, highest risk first`)),
    el("table", {}, el("thead", {}, headings()), el("tbody", {}, ...page.edges.map((/** @type {any} */ edge) => row(edge.node, open)))),
    page.pageInfo.hasNextPage && moreButton(section, campaign, page, open));
}

function headings() {
  const names = ["Number", "Role", "Risk, 0–100", "Since (UTC)"];
  return el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, name)));
}

/** @param {any} member @param {(id: string) => void} open */
function row({ number, role, risk, since }, open) {
  const show = el("button", {
    type: "button", class: "link number", "data-key": `member:${number.id}`, click: () => open(number.id),
    "aria-label": `Evidence of ${number.number}`,
  }, number.number);
  return el("tr", {}, el("th", { scope: "row" }, show), el("td", {}, roleMark(role)), el("td", {}, riskMark(risk)), el("td", {}, minute(since)));
}

/** @param {HTMLElement} section @param {any} campaign @param {any} page @param {(id: string) => void} open */
function moreButton(section, campaign, page, open) {
  const more = async () => {
    try {
      fill(section, campaign, await extended(campaign.id, page), open);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      notice(error.message, more);
    }
  };
  return el("button", { type: "button", class: "more", "data-key": "more-members", click: more }, "More members");
}

/** @param {string} id @param {any} before */
async function extended(id, before) {
  const { campaign } = await ask(MEMBERS, { id, first: 100, after: before.pageInfo.endCursor });
  if (campaign.__typename === "NotFound") throw new ServerError(campaign.message);
  return { ...campaign.members, edges: [...before.edges, ...campaign.members.edges] };
}
