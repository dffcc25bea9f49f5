/** The box that looks up a number; the number goes into the body of a question, never into an address. */

import { byId } from "./dom.js";

/** Makes the box work. @param {(number: string) => void} lookUp */
export function startLookup(lookUp) {
  byId("lookup").onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const number = byId("lookup-number").value.trim();
    if (number) lookUp(number);
  };
}
