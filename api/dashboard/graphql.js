/** Questions to the server; answers are data or one sentence that says what is wrong. */

import { NoTokenError, heldToken, tokenInsteadOf } from "./token.js";

const PATIENCE_MS = 15000;

/** The server did not answer, or answered with an error; the message is a sentence for people. */
export class ServerError extends Error {}

/**
 * Asks one GraphQL question.
 * @param {string} query @param {Record<string, unknown>} [variables]
 * @returns {Promise<any>} the data; rejects with ServerError
 */
export async function ask(query, variables = {}) {
  const headers = { "Content-Type": "application/json" };
  const answer = await answered("graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return answer.data;
}

/**
 * Reads what stands at a path of the server.
 * @param {string} path @returns {Promise<any>} rejects with ServerError
 */
export function get(path) {
  return answered(path, {});
}

/**
 * Where the server wants a token, asks the person for it and tries again.
 * @param {string} path @param {RequestInit} request @returns {Promise<any>}
 */
async function answered(path, request) {
  for (;;) {
    const token = heldToken();
    const askedAt = performance.now();
    const response = await sent(path, request, token);
    if (response.status !== 401) return content(response);
    await anotherToken(token, askedAt);
  }
}

/** @param {string | null} refused @param {number} askedAt */
async function anotherToken(refused, askedAt) {
  try {
    await tokenInsteadOf(refused, askedAt);
  } catch (error) {
    throw error instanceof NoTokenError ? new ServerError(error.message) : error;
  }
}

/** @param {string} path @param {RequestInit} request @param {string | null} token @returns {Promise<Response>} */
async function sent(path, request, token) {
  const headers = new Headers(request.headers);
  headers.set("Accept", "application/json");
  if (token !== null) headers.set("Authorization", `Bearer ${token}`);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await fetch(new URL(path, document.baseURI), { ...request, headers, cache: "no-store", signal });
  } catch (error) {
    throw error instanceof Error ? new ServerError(absence(error)) : error;
  }
}

/** @param {Error} error @returns {string} */
function absence(error) {
  if (error.name === "TimeoutError") return `The server did not answer within ${PATIENCE_MS / 1000} s.`;
  return "The server cannot be reached. Is “ringfence serve” running?";
}

/** @param {Response} response @returns {Promise<any>} */
async function content(response) {
  const answer = parsed(await response.text());
  const fault = answer?.errors?.[0];
  if (fault) throw new ServerError(withRequest(fault));
  if (!response.ok || answer === null) throw new ServerError(said(answer, response.status));
  return answer;
}

/** @param {{message: string, extensions?: {requestId?: string}}} fault @returns {string} */
function withRequest(fault) {
  const request = fault.extensions?.requestId;
  return request ? `${fault.message} (request ${request})` : fault.message;
}

/** @param {any} answer @param {number} status @returns {string} */
function said(answer, status) {
  for (const sentence of [answer?.error?.message, answer?.detail]) if (typeof sentence === "string") return sentence;
  return `The server answered with status ${status} and no explanation.`;
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null; // a proxy's HTML page, for example
    throw error;
  }
}
