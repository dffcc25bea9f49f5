/** The ring of a campaign as SVG: numbers as nodes, links and calls as edges. */

import { towards } from "./compass.js";
import { byId, el, keyed, svg } from "./dom.js";
import { count, counted, tenths, words } from "./format.js";
import { layout } from "./layout.js";
import { roleMark, roleShape } from "./marks.js";

const LABELS_UP_TO = 40; // members; with more the last digits would only be noise

/**
 * @typedef {object} Drawing what the parts of one picture share
 * @property {any} graph
 * @property {Map<string, import("./layout.js").Point>} places
 * @property {number} extent
 * @property {Set<string>} members
 * @property {Map<string, any[]>} edgesOf drawn edges of each node
 * @property {(id: string) => void} open
 */

/**
 * Draws the ring, with its legend, what is hidden, and a line that says what is under focus.
 * @param {any} campaign @param {(id: string) => void} open called with the id of a number to show
 * @returns {HTMLElement}
 */
export function ring(campaign, open) {
  const drawing = prepared(campaign.graph, open);
  const readout = el("p", { class: "readout", "data-part": "readout" }, "Arrow keys move between numbers, Enter opens one.");
  const picture = drawn(drawing, campaign, readout);
  return el("figure", { class: "ring" }, el("figcaption", {}, hidden(campaign)), picture, readout, legend(drawing));
}

/** Marks the number that is shown beside the ring. @param {string | null} id */
export function markNode(id) {
  for (const node of byId("campaign").querySelectorAll(".node")) {
    node.setAttribute("aria-pressed", String(node.dataset.id === id));
  }
}

/** @param {any} graph @param {(id: string) => void} open @returns {Drawing} */
function prepared(graph, open) {
  const members = new Set(graph.nodes.filter((/** @type {any} */ node) => node.hop === 0).map((/** @type {any} */ node) => node.id));
  /** @type {Map<string, any[]>} */
  const edgesOf = new Map(graph.nodes.map((/** @type {any} */ node) => [node.id, []]));
  for (const edge of graph.edges) {
    edgesOf.get(edge.source)?.push(edge);
    edgesOf.get(edge.target)?.push(edge);
  }
  return { graph, members, edgesOf, open, ...layout(graph.nodes) };
}

/** What is drawn and what is not. @param {any} campaign */
function hidden({ graph, memberCount }) {
  const members = graph.nodes.filter((/** @type {any} */ node) => node.hop === 0).length;
  const victims = graph.nodes.length - members;
  const allVictims = Math.max(victims, graph.totalNodes - memberCount);
  return `Showing ${count(members)} of ${counted(memberCount, "member")}, ${count(victims)} of ${counted(allVictims, "victim")}, `
    + `${count(graph.edges.length)} of ${counted(graph.totalEdges, "edge")}; size by number of drawn edges.`;
}

/** @param {Drawing} drawing @param {any} campaign @param {HTMLElement} readout */
function drawn(drawing, campaign, readout) {
  const { extent, graph } = drawing;
  const edges = graph.edges.map((/** @type {any} */ edge) => line(edge, drawing));
  const nodes = graph.nodes.map((/** @type {any} */ node) => spot(node, drawing));
  nodes[0]?.setAttribute("tabindex", "0");
  const picture = svg("svg", {
    class: "ring-picture", role: "group", "aria-label": `Ring of ${campaign.name}`,
    viewBox: `${-extent} ${-extent} ${2 * extent} ${2 * extent}`,
  }, svg("g", { class: "edges", "aria-hidden": "true" }, ...edges), svg("g", {}, ...nodes));
  const frame = el("div", {}, picture); // listeners for focus on the SVG itself would make it a stop of its own
  follow(frame, picture, drawing, readout);
  return frame;
}

/** @param {any} edge @param {Drawing} drawing */
function line(edge, { places, members }) {
  const from = places.get(edge.source);
  const to = places.get(edge.target);
  if (!from || !to) return null;
  const width = edge.kind === "LINK" ? 1.5 + 3 * edge.weight : 0.7 + Math.log10(Math.max(1, edge.calls));
  return svg("line", {
    class: `edge ${edgeLook(edge, members)}`, "data-source": edge.source, "data-target": edge.target,
    x1: from.x.toFixed(1), y1: from.y.toFixed(1), x2: to.x.toFixed(1), y2: to.y.toFixed(1), "stroke-width": width.toFixed(2),
  });
}

/** @param {any} edge @param {Set<string>} members */
function edgeLook(edge, members) {
  if (edge.kind === "LINK") return "edge-link";
  return members.has(edge.source) ? "edge-call" : "edge-back";
}

/** @param {any} node @param {Drawing} drawing */
function spot(node, drawing) {
  const { x, y } = /** @type {import("./layout.js").Point} */ (drawing.places.get(node.id));
  const radius = size(node, drawing);
  const label = described(node, drawing);
  return svg("g", {
    class: "node", role: "button", tabindex: -1, "aria-label": label, "aria-pressed": "false",
    "data-key": `node:${node.id}`, "data-id": node.id, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
    click: () => drawing.open(node.id),
  }, svg("title", {}, label), svg("circle", { class: "halo", r: (radius + 5).toFixed(1) }), roleShape(node.role, radius),
  digits(node, radius, drawing));
}

/** @param {any} node @param {Drawing} drawing */
function size(node, { members, edgesOf }) {
  const degree = edgesOf.get(node.id)?.length ?? 0;
  return members.has(node.id) ? 9 + Math.min(9, Math.sqrt(degree)) : 4 + Math.min(6, Math.sqrt(degree));
}

/** The last digits of a member's number. @param {any} node @param {number} radius @param {Drawing} drawing */
function digits(node, radius, { members, extent }) {
  if (!members.has(node.id) || members.size > LABELS_UP_TO) return null;
  const height = Math.max(11, extent / 30);
  return svg("text", { class: "node-label", y: (radius + height).toFixed(1), "font-size": height.toFixed(1), "aria-hidden": "true" },
    `…${node.number.slice(-4)}`);
}

/** @param {any} node @param {Drawing} drawing */
function described(node, { edgesOf }) {
  const edges = edgesOf.get(node.id) ?? [];
  const calls = edges.filter((edge) => edge.kind !== "LINK" && edge.source === node.id).length;
  const called = edges.filter((edge) => edge.kind !== "LINK" && edge.target === node.id).length;
  const links = edges.filter((edge) => edge.kind === "LINK").length;
  return `${node.number}, ${words(node.role)}, risk ${tenths(node.risk)} of 100; here it calls ${counted(calls, "number")}, `
    + `is called by ${count(called)}, linked to ${count(links)}`;
}

/**
 * Focus, hover and keys of the picture.
 * @param {HTMLElement} frame @param {SVGElement} picture @param {Drawing} drawing @param {HTMLElement} readout
 */
function follow(frame, picture, drawing, readout) {
  const light = (/** @type {Event} */ event) => {
    const node = nodeOf(event);
    highlight(picture, node?.dataset.id ?? null);
    if (node) readout.textContent = node.getAttribute("aria-label");
  };
  frame.addEventListener("pointerover", light);
  frame.addEventListener("focusin", (event) => { light(event); rove(picture, nodeOf(event)); });
  frame.addEventListener("pointerleave", () => highlight(picture, null));
  frame.addEventListener("focusout", () => highlight(picture, null));
  frame.addEventListener("keydown", (event) => pressed(event, drawing, picture));
}

/** @param {Event} event @returns {any} */
function nodeOf(event) {
  return /** @type {Element} */ (event.target).closest(".node");
}

/** Only one node at a time is reached by Tab. @param {SVGElement} picture @param {any} node */
function rove(picture, node) {
  picture.querySelector('.node[tabindex="0"]')?.setAttribute("tabindex", "-1");
  node.setAttribute("tabindex", "0");
}

/** @param {KeyboardEvent} event @param {Drawing} drawing @param {SVGElement} picture */
function pressed(event, drawing, picture) {
  const id = nodeOf(event)?.dataset.id;
  if (!id) return;
  const next = towards(drawing.places, id, event.key);
  if (event.key === "Enter" || event.key === " ") drawing.open(id);
  else if (event.key === "Escape") byId("campaign-heading").focus();
  else if (next) keyed(picture, `node:${next}`).focus();
  else if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
}

/** Brings out a node's edges and what they lead to. @param {SVGElement} picture @param {string | null} id */
function highlight(picture, id) {
  picture.classList.toggle("has-focus", id !== null);
  const near = new Set([id]);
  for (const edge of /** @type {NodeListOf<SVGElement>} */ (picture.querySelectorAll(".edge"))) {
    const { source, target } = edge.dataset;
    const touches = source === id || target === id;
    edge.classList.toggle("near", touches);
    if (touches) near.add(source ?? null).add(target ?? null);
  }
  for (const node of /** @type {NodeListOf<SVGElement>} */ (picture.querySelectorAll(".node"))) {
    node.classList.toggle("near", near.has(node.dataset.id ?? null));
  }
}

/** What shapes and lines mean; only what is in the picture. @param {Drawing} drawing */
function legend({ graph, members }) {
  const roles = [...new Set(graph.nodes.map((/** @type {any} */ node) => node.role))].sort();
  const looks = new Set(graph.edges.map((/** @type {any} */ edge) => edgeLook(edge, members)));
  return el("ul", { class: "legend", "aria-label": "Legend" },
    ...roles.map((role) => el("li", {}, roleMark(/** @type {string} */ (role)))),
    looks.has("edge-call") && stroke("edge-call", "a member calls"),
    looks.has("edge-back") && stroke("edge-back", "a victim calls a member"),
    looks.has("edge-link") && stroke("edge-link", `link (${reasons(graph)}), width by weight 0–1`));
}

/** @param {any} graph */
function reasons(graph) {
  const found = new Set(graph.edges.filter((/** @type {any} */ edge) => edge.reason).map((/** @type {any} */ edge) => words(edge.reason)));
  return [...found].sort().join(", ") || "reason unknown";
}

/** @param {string} look @param {string} meaning */
function stroke(look, meaning) {
  const sample = svg("svg", { class: "sign", viewBox: "0 0 24 12", "aria-hidden": "true" },
    svg("line", { class: `edge ${look}`, x1: 0, y1: 6, x2: 24, y2: 6, "stroke-width": look === "edge-link" ? 3 : 1.5 }));
  return el("li", {}, el("span", { class: "mark" }, sample, meaning));
}
