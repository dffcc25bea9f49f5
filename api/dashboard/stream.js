/**
 * A client of graphql-transport-ws for one subscription that must not lose events.
 *
 * After a break it connects again with growing pauses and resumes after the last sequence number it has seen.
 */

import { NoTokenError, TOKEN_GIVEN, heldToken, tokenInsteadOf } from "./token.js";

const PROTOCOL = "graphql-transport-ws";
const ID = "1";
const PING_MS = 20000;
const LONGEST_PAUSE_S = 30;
const UNAUTHORIZED = [4401, 4403];
const SILENT = 4000; // our own code: the server stopped answering pings

/**
 * @typedef {{kind: "connecting"} | {kind: "live", resumed: boolean} | {kind: "waiting", seconds: number, why: string}
 *   | {kind: "refused", why: string}} StreamState
 * @typedef {object} StreamOptions
 * @property {string} query the subscription; it has a variable $after
 * @property {(data: any) => number | null} onItem takes one item, gives the sequence number to resume after
 * @property {(state: StreamState) => void} onState
 */

/** One subscription, kept up for as long as the page is open. */
export class Stream {
  /** @type {WebSocket} */ #socket;
  /** @type {number | null} */ #after = null;
  /** @type {string | null} */ #token = null;
  #askedAt = 0;
  #failures = 0;
  #awaitsPong = false;
  #why = "The connection to the server was lost.";
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @param {StreamOptions} options */
  constructor(options) {
    this.options = options;
    addEventListener("online", () => this.#retryNow());
    addEventListener(TOKEN_GIVEN, () => this.#retryNow());
    this.#socket = this.#connect();
  }

  #open() {
    this.#socket = this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    this.options.onState({ kind: "connecting" });
    this.#token = heldToken();
    this.#askedAt = performance.now();
    this.#awaitsPong = false;
    const socket = new WebSocket(address(), PROTOCOL);
    socket.onopen = () => this.#send({ type: "connection_init", payload: credentials(this.#token) });
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => this.#closed(event);
    return socket;
  }

  /** @param {object} message */
  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  /** @param {{type: string, payload?: any}} message */
  #take(message) {
    if (message.type === "connection_ack") this.#subscribe();
    else if (message.type === "ping") this.#send({ type: "pong" });
    else if (message.type === "pong") this.#heard();
    else if (message.type === "next") this.#item(message.payload);
    else if (message.type === "error") this.#end(message.payload?.[0]?.message);
    else if (message.type === "complete") this.#end("The server ended the stream.");
  }

  #subscribe() {
    const payload = { query: this.options.query, variables: { after: this.#after } };
    this.#send({ id: ID, type: "subscribe", payload });
    this.options.onState({ kind: "live", resumed: this.#after !== null });
    this.#timer = setTimeout(() => this.#ping(), PING_MS);
  }

  #ping() {
    if (this.#awaitsPong) {
      this.#socket.close(SILENT);
      return;
    }
    this.#awaitsPong = true;
    this.#send({ type: "ping" });
    this.#timer = setTimeout(() => this.#ping(), PING_MS);
  }

  #heard() {
    this.#awaitsPong = false;
    this.#failures = 0;
  }

  /** @param {{data?: any, errors?: {message: string}[]}} payload */
  #item(payload) {
    if (payload.errors?.length) {
      this.#end(payload.errors[0].message);
      return;
    }
    this.#heard();
    this.#after = this.options.onItem(payload.data) ?? this.#after;
  }

  /** @param {string} [why] */
  #end(why) {
    if (why) this.#why = why;
    this.#socket.close(1000);
  }

  /** @param {CloseEvent} event */
  #closed(event) {
    clearTimeout(this.#timer);
    if (event.target !== this.#socket) return; // an older connection, already replaced
    if (UNAUTHORIZED.includes(event.code)) void this.#askForToken();
    else this.#pause();
  }

  #pause() {
    this.#failures += 1;
    const seconds = Math.min(LONGEST_PAUSE_S, 2 ** (this.#failures - 1));
    this.options.onState({ kind: "waiting", seconds, why: this.#why });
    // up to a quarter longer, so that many pages do not come back in the same instant
    this.#timer = setTimeout(() => this.#open(), 1000 * seconds * (1 + Math.random() / 4));
  }

  async #askForToken() {
    this.options.onState({ kind: "refused", why: "The stream needs an access token." });
    try {
      await tokenInsteadOf(this.#token, this.#askedAt);
      this.#retryNow(); // a token that another question obtained in the meantime
    } catch (error) {
      if (!(error instanceof NoTokenError)) throw error;
    }
  }

  #retryNow() {
    if (this.#socket.readyState === WebSocket.CLOSED) this.#open();
  }
}

/** @returns {URL} */
function address() {
  const url = new URL("graphql", document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/** @param {string | null} token @returns {Record<string, string>} */
function credentials(token) {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
