/** Making elements: text only ever becomes text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes
 */

/**
 * Makes an HTML element; functions become listeners, null and false attributes are left out.
 * @param {string} tag @param {Attributes} [attributes] @param {...Child} children @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  return /** @type {HTMLElement} */ (filled(document.createElement(tag), attributes, children));
}

/**
 * Makes an SVG element in the same way.
 * @param {string} tag @param {Attributes} [attributes] @param {...Child} children @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return /** @type {SVGElement} */ (filled(document.createElementNS(SVG, tag), attributes, children));
}

/**
 * Gives the element with this id of the page.
 * @param {string} id @returns {any}
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Replaces what `container` holds. Focus that was inside stays on what has the same data-key, else on the container.
 * @param {HTMLElement} container @param {...Child} children
 */
export function refill(container, ...children) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.getAttribute("data-key");
  container.replaceChildren(...shown(children));
  if (focused) ((key && keyed(container, key)) || container).focus({ preventScroll: true });
}

/**
 * Gives the element with this data-key within `container`.
 * @param {Element} container @param {string} key @returns {any}
 */
export function keyed(container, key) {
  return container.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

/** @param {Element} element @param {Attributes} attributes @param {Child[]} children */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...shown(children));
  return element;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function shown(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}
