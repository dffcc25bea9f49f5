/** The access token: asked for when the server wants one, kept in this tab only. */

import { byId } from "./dom.js";

const KEY = "ringfence.token";

/** Event of the window: a token was just given. */
export const TOKEN_GIVEN = "tokengiven";

/** @type {Promise<string> | null} */
let asking = null;

/** When the dialog was last cancelled, in ms of the page's clock. */
let cancelledAt = -Infinity;

/** Nobody gave a token. */
export class NoTokenError extends Error {
  constructor() {
    super("No access token was given, so the server shows nothing.");
  }
}

/** Gives the token held, or null. @returns {string | null} */
export function heldToken() {
  return sessionStorage.getItem(KEY);
}

/**
 * Gives a token other than the `refused` one, asking for it in a dialog; all who wait share one dialog, and what was
 * asked of the server before the dialog was cancelled does not open it again.
 * @param {string | null} refused @param {number} askedAt when the server was asked, in ms of the page's clock
 * @returns {Promise<string>} rejects with NoTokenError when the dialog is cancelled
 */
export function tokenInsteadOf(refused, askedAt) {
  const held = heldToken();
  if (held !== null && held !== refused) return Promise.resolve(held);
  if (askedAt < cancelledAt) return Promise.reject(new NoTokenError());
  asking ??= askFor(refused).finally(() => (asking = null));
  return asking;
}

/** @param {string | null} refused @returns {Promise<string>} */
function askFor(refused) {
  const dialog = byId("token-dialog");
  const input = byId("token-input");
  byId("token-why").textContent = refused === null
    ? "This server answers only with an access token."
    : "The server refused that token. Give another one.";
  input.value = "";
  dialog.showModal();
  input.focus();
  return new Promise((resolve, reject) => {
    byId("token-form").onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      sessionStorage.setItem(KEY, input.value.trim());
      dialog.close("given");
    };
    byId("token-cancel").onclick = () => dialog.close("cancelled");
    dialog.onclose = () => {
      const given = dialog.returnValue === "given" ? heldToken() : null;
      dialog.returnValue = "";
      if (given) {
        resolve(given);
        dispatchEvent(new Event(TOKEN_GIVEN));
      } else {
        cancelledAt = performance.now();
        reject(new NoTokenError());
      }
    };
  });
}
