import { Ledger } from "./ledger.js";
import { schedule } from "./server.js";
import { Tally } from "./tally.js";

/** One answer being read, over one transport after the other, with what is counted of it.
 *
 * `on` is told of { token, state, ended }: a token's text, a change of `state`, the end.
 */
export class Reading {
  constructor(answer, transport, on) {
    this.answer = answer;
    this.transport = transport;
    this.on = on;
    this.ledger = new Ledger(answer.asked);
    this.tallies = [];
    this.state = "asking";
    this.why = "";
    this.known = null;
    this.brokenAt = null;
    this.backAfter = undefined;
    this.wasBroken = false;
    this.isAway = false;
    // How often something made it try again, and it got on.
    this.returns = 0;
  }

  /** By what name the server knows it now. */
  get tag() {
    return this.tallies.at(-1)?.tag;
  }

  /** What the server counted of it; null where nothing is known yet. */
  get served() {
    return Tally.sum(this.tallies);
  }

  /** Either may miss what the other sees: this page what the browser repeats by itself, the server what never came. */
  get comebacks() {
    return this.served ? Math.max(this.served.returns, this.returns) : undefined;
  }

  /** Whether the server has nothing more to tell. */
  get isSettled() {
    return this.tallies.every((tally) => tally.isSettled);
  }

  /** Asks the server what it counted. */
  async count() {
    const asked = this.tallies.filter((tally) => !tally.isSettled);
    await Promise.all(asked.map((tally) => tally.look(this.isOver || tally !== this.tallies.at(-1))));
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
    // Who leaves by choice does not come back: what follows is counted by another name.
    if (!["waiting", "failed"].includes(this.state) || !this.tag) this.tallies.push(new Tally());
    this.tallies.at(-1).isSettled = false;
    const mine = {};
    this.connection = mine;
    const ifMine = (act) => (value) => mine === this.connection && act(value);
    this.become(this.ledger.arrivals.length > 0 ? "typing" : "asking");
    const { read } = transport[mode];
    const reading = read(
      this.answer,
      {
        token: ifMine((token) => this.take(token)),
        waiting: ifMine((wait) => this.wait(wait)),
        done: ifMine((end) => this.end(end)),
        // What stands between here and the server answers in its own way.
        failed: ifMine((why) => this.become("failed", typeof why === "string" ? why : JSON.stringify(why))),
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
    if (this.brokenAt !== null && this.isBackWith(token.index)) {
      this.backAfter = at - this.brokenAt;
      this.brokenAt = null;
    }
    if (this.isAway) {
      this.isAway = false;
      this.returns += 1;
    }
    this.learnSchedule(token.index);
    this.ledger.take(token.index, at);
    if (this.state !== "typing") this.become("typing");
    this.on.token(token.token);
  }

  /** Whether a token was not on its way already when the connection was broken: the reader had noticed the loss, or the
   * token was generated later. Without a schedule nobody knows, and it counts.
   */
  isBackWith(index) {
    return this.isAway || (this.ledger.intended[index] ?? Infinity) > this.brokenAt;
  }

  wait(milliseconds) {
    this.isAway = true;
    this.become("waiting", "", milliseconds);
  }

  /** @param reason complete, stopped or failed; of the last, the error says why */
  end({ reason, error, tokens, next }) {
    this.ended = performance.now();
    // A page has the tokens themselves, and where the next one would be.
    this.total = typeof tokens === "number" ? tokens : next;
    this.become(reason, error);
    this.on.ended?.();
  }

  become(state, why = "", wait = undefined) {
    this.state = state;
    this.why = why;
    this.nextTry = wait === undefined ? undefined : performance.now() + wait;
    this.on.state();
  }

  /** A stream that was started anew has a schedule of its own. */
  async learnSchedule(index) {
    const { stream } = this.answer;
    if (this.known === stream) return;
    this.known = stream;
    this.ledger.begin(index);
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
}
