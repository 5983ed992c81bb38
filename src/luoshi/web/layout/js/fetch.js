// Talks with the server: JSON in, JSON out, the token against forgery, and one shape of error.
import { say } from "./data.js";

/** What the server refused: `slug`, `what`, `where`, `remedy`; `status` 0 where it was not reached. */
export class Refused extends Error {
  constructor({ slug, what, where = "", remedy = "" }, status) {
    super([where ? `${where}：${what}` : what, remedy].filter(Boolean).join("。"));
    Object.assign(this, { slug, what, where, remedy, status });
  }
}

/** The answer of a GET as a value. */
export const get = (address, options = {}) => ask(address, { method: "GET", ...options });

/** The answer of a POST; `body` is an object (sent as JSON), FormData or URLSearchParams. */
export const post = (address, body = {}, options = {}) => ask(address, { method: "POST", body, ...options });

export async function ask(address, { method = "GET", body, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = document.querySelector("meta[name=csrf]").content;
  if (body && !(body instanceof FormData) && !(body instanceof URLSearchParams)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(address, { method, headers, body, signal, credentials: "same-origin", redirect: "follow" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused({ slug: "offline", what: say("js.offline") }, 0);
  }
  const answer = await valueOf(response);
  if (response.ok && answer !== undefined) return answer;
  if (response.status === 401) throw new Refused({ slug: "unsigned", what: say("js.signed_out") }, 401);
  throw new Refused(answer?.error ?? { slug: "failed", what: say("js.failed") }, response.status);
}

async function valueOf(response) {
  if (response.status === 204) return null;
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  return isJson ? response.json() : undefined;
}
