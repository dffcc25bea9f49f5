/** The states that every part of the page shares: loading, nothing there, an error with a retry. */

import { byId, el, refill } from "./dom.js";
import { ServerError } from "./graphql.js";

/** A paragraph about a state. @param {string} text @param {...import("./dom.js").Child} more */
export function state(text, ...more) {
  return el("p", { class: "state" }, text, ...more);
}

/** The server's sentence and a button. @param {Error} error @param {() => void} retry */
export function fault(error, retry) {
  const again = el("button", { type: "button", "data-key": "retry", click: retry }, "Try again");
  return el("div", { class: "fault", role: "alert" }, el("p", {}, error.message), again);
}

/**
 * Fills one container from the server; only the newest question's answer is shown.
 * @template T
 */
export class Loader {
  #turn = 0;
  /** @type {string | null} */ #shown = null;

  /** @param {HTMLElement} container @param {(data: T) => import("./dom.js").Child[]} show */
  constructor(container, show) {
    this.container = container;
    this.show = show;
  }

  /**
   * Asks and shows: first "loading", then the answer or the error.
   * @param {() => Promise<T>} question @param {string} loading
   */
  async load(question, loading) {
    this.#shown = null;
    refill(this.container, state(loading));
    await this.#ask(question, (error) => refill(this.container, fault(error, () => void this.load(question, loading))));
  }

  /**
   * Asks again while the old answer stays; an equal answer changes nothing on the page.
   * @param {() => Promise<T>} question
   */
  async refresh(question) {
    await this.#ask(question, (error) => notice(error.message, () => void this.refresh(question)));
  }

  /** Shows something else; answers still under way are dropped. @param {...import("./dom.js").Child} children */
  put(...children) {
    this.#turn += 1;
    this.#shown = null;
    this.container.removeAttribute("aria-busy");
    refill(this.container, ...children);
  }

  /** @param {() => Promise<T>} question @param {(error: Error) => void} failed */
  async #ask(question, failed) {
    const mine = ++this.#turn;
    this.container.setAttribute("aria-busy", "true");
    try {
      const data = await question();
      if (mine === this.#turn) this.#fill(data);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (mine === this.#turn) failed(error);
    } finally {
      if (mine === this.#turn) this.container.removeAttribute("aria-busy");
    }
  }

  /** @param {T} data */
  #fill(data) {
    const text = JSON.stringify(data);
    if (text === this.#shown) return;
    this.#shown = text;
    refill(this.container, ...this.show(data));
  }
}

/** Shows a sentence over the whole page until it is dismissed or tried again. @param {string} text @param {() => void} retry */
export function notice(text, retry) {
  const bar = byId("notice");
  const hide = () => { bar.hidden = true; };
  const again = el("button", { type: "button", click: () => { hide(); retry(); } }, "Try again");
  refill(bar, el("p", {}, text), again, el("button", { type: "button", click: hide }, "Dismiss"));
  bar.hidden = false;
}

/** Says something to screen readers. @param {string} text */
export function announce(text) {
  byId("announcements").textContent = text;
}
