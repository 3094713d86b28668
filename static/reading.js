import { Ledger } from "./ledger.js";
import { schedule } from "./server.js";

/** Tags by which the server tells this page's readers apart. */
const page = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
let tags = 0;
const byTag = new Map();

/** One answer being read, over one transport after the other, with what this page itself counts of it.
 *
 * `on` is told of { token, state, ended }: a token's text, a change of `state`, the end.
 */
export class Reading {
  constructor(answer, transport, on) {
    this.answer = answer;
    this.transport = transport;
    this.on = on;
    this.tag = `${page}-${(tags += 1)}`;
    byTag.set(this.tag, this);
    this.ledger = new Ledger();
    // Requests and handshakes made, bytes of bodies received, and returns after a loss, as this page saw them.
    this.requests = 0;
    this.bodies = 0;
    this.reconnects = 0;
    this.state = "asking";
    this.why = "";
    this.known = null;
    this.brokenAt = null;
    this.backAfter = undefined;
    this.wasBroken = false;
    this.isAway = false;
  }

  /** Reads on from the next token. */
  over(transport, mode, interval) {
    this.connection?.close();
    this.transport = transport;
    this.mode = mode;
    this.interval = interval;
    if (typeof window[transport.needs] !== "function") {
      return this.become("failed", `This browser has no ${transport.needs}: choose another transport.`);
    }
    const mine = {};
    this.connection = mine;
    const ifMine = (act) => (value) => mine === this.connection && act(value);
    this.become(this.ledger.arrivals.length > 0 ? "typing" : "asking");
    this.opened();
    const { read } = transport[mode];
    const reading = read(
      this.answer,
      {
        token: ifMine((token) => this.take(token)),
        waiting: ifMine((wait) => this.wait(wait)),
        done: ifMine((reason) => this.end(reason)),
        failed: ifMine((why) => this.become("failed", why)),
      },
      { interval, reader: this.tag },
    );
    mine.close = () => reading.close();
  }

  get isOver() {
    return ["complete", "stopped", "failed", "left"].includes(this.state);
  }

  leave() {
    this.connection?.close?.();
    this.connection = null;
    if (!this.isOver) this.become("left");
  }

  take(token) {
    const at = performance.now();
    if (this.brokenAt !== null && at > this.brokenAt + 20) {
      this.backAfter = at - this.brokenAt;
      this.brokenAt = null;
    }
    if (this.isAway) {
      this.isAway = false;
      this.reconnects += 1;
    }
    this.weigh(token);
    this.ledger.take(token.index, at);
    this.learnSchedule();
    if (this.state !== "typing") this.become("typing");
    this.on.token(token.token);
  }

  wait(milliseconds) {
    this.isAway = true;
    if (milliseconds === undefined) this.opened();
    else {
      const mine = this.connection;
      setTimeout(() => mine === this.connection && this.isAway && this.opened(), milliseconds);
    }
    this.become("waiting", "", milliseconds);
  }

  end(reason) {
    this.weigh(null, reason);
    this.ended = performance.now();
    this.become(reason);
    this.on.ended?.();
  }

  become(state, why = "", wait = undefined) {
    this.state = state;
    this.why = why;
    this.nextTry = wait === undefined ? undefined : performance.now() + wait;
    this.on.state();
  }

  /** A stream that was started anew has a schedule of its own. */
  async learnSchedule() {
    const { stream } = this.answer;
    if (this.known === stream) return;
    this.known = stream;
    const intended = await schedule(stream).catch(() => null);
    if (intended && this.known === stream) this.ledger.know(intended);
    this.on.state();
  }

  /** The connection was broken on purpose. */
  broke() {
    this.wasBroken = true;
    if (this.isOver) return;
    this.brokenAt = performance.now();
    this.backAfter = undefined;
  }

  /** A connection is being opened that resource timing says nothing of. */
  opened() {
    if (this.transport.needs === "fetch") return;
    this.requests += 1;
    if (this.transport.name === "server-sent-events") this.bodies += "retry: 1000\n\n".length;
  }

  /** Bytes of an event or a message; those of polls come from resource timing. */
  weigh(token, reason) {
    if (this.transport.needs === "fetch") return;
    const { epoch, next } = this.answer;
    const isEvent = this.transport.name === "server-sent-events";
    const done = { reason, tokens: this.answer.next };
    const data = token ? { index: token.index, token: token.token } : isEvent ? done : { done };
    const head = isEvent ? `${token ? "" : "event: done\n"}id: ${epoch}:${token ? token.index : next}\ndata: \n\n` : "";
    this.bodies += head.length + new Blob([JSON.stringify(data)]).size;
  }
}

/** What the browser tells of requests: their number, and their bodies' sizes. */
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.initiatorType !== "fetch" || entry.name.includes("/faults/")) continue;
    const reading = byTag.get(new URL(entry.name).searchParams.get("reader"));
    if (!reading) continue;
    reading.requests += 1;
    reading.bodies += entry.encodedBodySize;
  }
}).observe({ type: "resource" });
