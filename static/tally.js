import { counts } from "./server.js";

/** What this page's readers are known by to the server. Nobody else guesses it. */
const page = [...crypto.getRandomValues(new Uint32Array(2))].map((number) => number.toString(36)).join("");
let readers = 0;

const figures = ["requests", "returns", "bodies", "down", "up"];
const add = (left, right) => Object.fromEntries(figures.map((name) => [name, left[name] + right[name]]));
const nothing = Object.fromEntries(figures.map((name) => [name, 0]));

/** What servers count of one reader: this page cannot see heads and framing, nor what the browser does by itself. */
export class Tally {
  constructor() {
    this.tag = `${page}-${(readers += 1)}`;
    this.told = null;
    this.earlier = nothing;
    // Whether the server has nothing more to tell.
    this.isSettled = false;
  }

  /** Asks the server. One that was started anew counts from zero, and whoever it knows has come back.
   *
   * `isOver`: whether the reader will ask for no more.
   */
  async look(isOver) {
    const told = await counts(this.tag);
    if (!told) return;
    if (this.told && this.told.since !== told.since) {
      this.earlier = add(this.earlier, { ...this.told, returns: this.told.returns + 1 });
    }
    // A request may still be on its way at the first look that finds nothing open.
    this.isSettled = isOver && told.open === 0 && told.requests === this.told?.requests;
    this.told = told;
  }

  /** All of these together; null where no server told of any. */
  static sum(tallies) {
    const told = tallies.filter((tally) => tally.told);
    return told.length > 0 ? told.reduce((sum, tally) => add(sum, add(tally.earlier, tally.told)), nothing) : null;
  }
}
