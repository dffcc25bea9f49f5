/** How values are written: every number with its unit, every time in UTC. */

const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });
const PRECISE = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 4 });

/** Whole number with thousands separators. @param {number} value */
export function count(value) {
  return WHOLE.format(value);
}

/** At most one decimal. @param {number} value */
export function tenths(value) {
  return TENTHS.format(value);
}

/** Count with its noun, "1 member", "12 members". @param {number} value @param {string} noun */
export function counted(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Measured value with its unit; shares as per cent. @param {number} value @param {string} unit */
export function measured(value, unit) {
  if (unit === "share") return percent(value);
  return `${PRECISE.format(value)}${unit ? ` ${unit}` : ""}`;
}

/** Share 0..1 as per cent. @param {number} share */
export function percent(share) {
  return `${TENTHS.format(100 * share)} %`;
}

/** "2026-03-01 09:12" in UTC, without saying so. @param {string} iso */
export function minute(iso) {
  return new Date(iso).toISOString().slice(0, 16).replace("T", " ");
}

/** "2026-03-01 09:12 UTC". @param {string} iso */
export function instant(iso) {
  return `${minute(iso)} UTC`;
}

/** "2026-03-01 00:00 – 2026-03-08 00:00 UTC". @param {string} from @param {string} to */
export function span(from, to) {
  return `${minute(from)} – ${minute(to)} UTC`;
}

/** Name of a code for people: "tech_support" → "tech support". @param {string} code */
export function words(code) {
  return code.replaceAll("_", " ").toLowerCase();
}
