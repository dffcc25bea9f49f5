/** Small signs: verdicts, severities, roles, bars. Each has a shape and a word, so colour is never the only sign. */

import { el, svg } from "./dom.js";
import { tenths, words } from "./format.js";

/** Corners of each role's shape on a circle of radius 1, or null for a circle. @type {Record<string, number[][] | null>} */
const SHAPES = {
  caller: null,
  opener: polygon(4, 0),
  closer: polygon(4, 45),
  abused: polygon(6, 0),
  victim: polygon(3, 0),
};
const OTHER = polygon(5, 0);

/** What a verdict is called; never seen is never "safe". @type {Record<string, string>} */
const VERDICTS = { SAFE: "safe", SUSPICIOUS: "suspicious", DANGEROUS: "dangerous", NO_DATA: "no data in this window" };

/**
 * The shape of a role, centred on 0, 0.
 * @param {string} role @param {number} radius @returns {SVGElement}
 */
export function roleShape(role, radius) {
  const corners = role in SHAPES ? SHAPES[role] : OTHER;
  const look = `shape ${roleClass(role)}`;
  if (corners === null) return svg("circle", { class: look, r: radius });
  const points = corners.map(([x, y]) => `${(x * radius * 1.2).toFixed(1)},${(y * radius * 1.2).toFixed(1)}`);
  return svg("polygon", { class: look, points: points.join(" ") });
}

/** Class of a role; roles without a colour of their own share one. @param {string} role @returns {string} */
function roleClass(role) {
  return role in SHAPES ? `role-${role}` : "role-other";
}

/** Shape and word of a role. @param {string} role */
export function roleMark(role) {
  const shape = svg("svg", { class: "sign", viewBox: "-8 -8 16 16", "aria-hidden": "true" }, roleShape(role, 6));
  return el("span", { class: "mark" }, shape, words(role));
}

/** A verdict as a badge. @param {string} verdict */
export function verdictMark(verdict) {
  return el("span", { class: `badge verdict-${verdict.toLowerCase()}` }, sign(verdict), VERDICTS[verdict] ?? words(verdict));
}

/** An alert's severity as a badge. @param {string} severity */
export function severityMark(severity) {
  return el("span", { class: `badge severity-${severity.toLowerCase()}` }, sign(severity), words(severity));
}

/** A risk 0–100 with a bar. @param {number} risk */
export function riskMark(risk) {
  const shown = tenths(risk);
  return el("span", { class: "risk" }, bar(risk / 100, riskClass(risk)), el("b", {}, shown), el("span", { class: "muted" }, "/100"));
}

/** A bar of a share 0..1; the value stands beside it as text. @param {number} share @param {string} look */
export function bar(share, look) {
  const width = (60 * Math.min(1, Math.max(0, share))).toFixed(1);
  return svg("svg", { class: "bar", viewBox: "0 0 60 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "bar-ground", width: 60, height: 6 }), svg("rect", { class: look, width, height: 6 }));
}

/** @param {number} risk */
function riskClass(risk) {
  return risk >= 85 ? "bar-danger" : risk >= 50 ? "bar-warn" : "bar-plain"; // default thresholds of the verdicts
}

/** @param {string} code */
function sign(code) {
  const strong = ["DANGEROUS", "CRITICAL", "HIGH"].includes(code);
  const middle = ["SUSPICIOUS", "MEDIUM"].includes(code);
  const shape = strong ? polygon(3, 0) : middle ? polygon(4, 0) : polygon(16, 0);
  const points = shape.map(([x, y]) => `${(5 * x).toFixed(1)},${(5 * y).toFixed(1)}`).join(" ");
  return svg("svg", { class: "sign", viewBox: "-6 -6 12 12", "aria-hidden": "true" }, svg("polygon", { points }));
}

/** @param {number} corners @param {number} turn degrees, 0 = a corner on top @returns {number[][]} */
function polygon(corners, turn) {
  return Array.from({ length: corners }, (_, i) => {
    const angle = ((turn - 90 + (360 * i) / corners) * Math.PI) / 180;
    return [Math.cos(angle), Math.sin(angle)];
  });
}
