// Words on facts, sent one after the other. A fact counts as saved only when the server has said so; what failed stays marked.
import { ask, post } from "../../layout/js/fetch.js";
import { say } from "../../layout/js/data.js";

const WAIT = 5000;
const LONGEST = 20000;

export class Acts {
  /** `told(job, error)` is called whenever a job changes; `lost(jobs, error)` when the server is out of reach, and with [] when it is back. */
  constructor(room, { told, lost }) {
    Object.assign(this, { room, told, lost, queue: [], done: [], running: false, away: null, timer: 0 });
    window.addEventListener("online", () => this.again());
    window.addEventListener("beforeunload", (event) => { if (this.unsaved.length) event.preventDefault(); });
  }

  /** Jobs that the server has not acknowledged. */
  get unsaved() {
    const failed = new Set(this.room.facts.map((fact) => fact.job).filter((job) => job?.failed));
    return [...new Set([...this.queue, ...failed])];
  }

  /** Says a word: `act` on `facts`, with `body` for what else the server needs. The promise settles when the server has answered. */
  say(act, facts, body = {}) {
    const job = { act, facts, body: { facts: facts.map((fact) => fact.id), ...body }, failed: null };
    job.promise = new Promise((resolve) => { job.settle = resolve; });
    for (const fact of facts) fact.job = job;
    this.queue.push(job);
    this.told(job);
    this.run();
    return job;
  }

  async run() {
    if (this.running || this.away) return;
    this.running = true;
    while (this.queue.length && !this.away) {
      const job = this.queue[0];
      try {
        this.take(job, await this.send(job));
      } catch (error) {
        this.refuse(job, error);
      }
    }
    this.running = false;
  }

  send(job) {
    const signal = AbortSignal.timeout?.(LONGEST);
    return post(this.room.actions[job.act], job.body, { signal });
  }

  /** The server has saved it. */
  take(job, answer) {
    this.queue.shift();
    this.update(job, answer);
    if (job.act !== "undo" && answer.undo) this.done.push({ span: answer.undo, facts: job.facts });
    this.told(job);
    job.settle(true);
  }

  update(job, answer) {
    for (const fact of job.facts) if (fact.job === job) fact.job = null;
    job.touched = new Set(job.facts);
    for (const [id, live] of Object.entries(answer.facts ?? {})) {
      const fact = this.room.byId.get(id);
      if (!fact) continue;
      fact.live = live || {};
      job.touched.add(fact);
    }
    if (answer.progress) this.room.progress = answer.progress;
    job.saved = true;
    job.failed = null;
  }

  /** Out of reach: all waits and is tried again. Refused: this one stays marked, the others go on. */
  refuse(job, error) {
    if ([0, 401, 502, 503].includes(error.status)) {
      this.away = error;
      this.lost(this.queue, error);
      clearTimeout(this.timer);
      if (error.status !== 401) this.timer = setTimeout(() => this.again(), WAIT);
      return;
    }
    this.queue.shift();
    job.failed = error;
    this.told(job, error);
    job.settle(false);
  }

  /** Tries what waits, or one that was refused. */
  async again(job = null) {
    if (job?.failed) {
      job.failed = null;
      this.queue.push(job);
      this.told(job);
    }
    const before = this.away;
    if (before?.status === 401) await this.renew();
    this.away = null;
    await this.run();
    if (before && !this.away) this.lost([], null);
  }

  /** After a new sign-in in another window the token against forgery is another one. */
  async renew() {
    const page = await fetch(location.href, { credentials: "same-origin" }).then((response) => response.text()).catch(() => "");
    const token = new DOMParser().parseFromString(page, "text/html").querySelector("meta[name=csrf]")?.content;
    if (token) document.querySelector("meta[name=csrf]").content = token;
  }

  /** Lets go of a word that was not saved. */
  drop(job) {
    this.queue = this.queue.filter((other) => other !== job);
    for (const fact of job.facts) if (fact.job === job) fact.job = null;
    this.told(job);
    if (this.away) this.lost(this.queue, this.away);
  }

  /** Takes back the last act: one that was not saved is dropped, one that was is undone. The facts it was about, or null. */
  async undo(current) {
    if (current?.job?.failed || (this.away && current?.job)) {
      const { job } = current;
      this.drop(job);
      return job.facts;
    }
    const last = this.done.pop();
    if (last) {
      const job = this.say("undo", last.facts, { span: last.span });
      return (await job.promise) ? last.facts : null;
    }
    if (!current?.mine) return null;
    const job = this.say("reopen", [current]);
    return (await job.promise) ? [current] : null;
  }
}

/** The form for one fact as the server makes it. */
export async function fetchForm(address, fact, like = "") {
  const response = await fetch(`${address}?${new URLSearchParams({ fact: fact.id, like })}`, { credentials: "same-origin", headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) throw Object.assign(new Error(), { slug: "offline", message: response ? say("js.failed") : say("js.offline") });
  const form = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("form.correct");
  if (!form) throw Object.assign(new Error(), { slug: "unsigned", message: say("js.signed_out") });
  return document.importNode(form, true);
}

export const indicatorsLike = (address, words, signal) => ask(`${address}?${new URLSearchParams({ q: words })}`, { signal });
