import { Hood } from "./hood.js";
import { Lane } from "./lane.js";
import { make } from "./screen.js";
import { askWhile, stopGenerating } from "./server.js";
import { question, settings } from "./settings.js";
import { Staircase } from "./staircase.js";
import { tell } from "./spoken.js";
import { transports } from "./transports.js";
import { turns } from "./turns.js";

/** All at once, on one stream and so on one schedule. */
export class Race {
  constructor(element, { changed, again }) {
    this.changed = changed;
    this.takeTurn = turns();
    this.lanes = transports.map(
      (transport) => new Lane(transport, {
        token: () => this.stairs.changed(),
        changed: () => this.laneChanged(),
        ended: () => this.laneEnded(),
        again,
      }),
    );
    this.stairs = new Staircase(this.lanes);
    this.hood = new Hood(this.lanes);
    const all = (text, fault, seconds) =>
      make("button", { type: "button", onclick: () => this.breakAll(fault, seconds) }, text);
    this.breaking = make(
      "div",
      { class: "breaking" },
      make("p", {}, "Break all connections:"),
      all("Cut all", "cut"),
      all("Stall all 2 s", "stall", 2),
      all("All offline 5 s", "offline", 5),
    );
    const how = "To break connections, start the server with pushlab serve --faults.";
    this.hint = make("p", { class: "breaking", hidden: true }, how);
    const lanes = make("div", { class: "lanes" }, ...this.lanes.map((lane) => lane.element));
    element.append(lanes, this.breaking, this.hint, this.stairs.element, this.hood.element);
    this.dress();
  }

  dress() {
    const { code } = settings();
    for (const lane of this.lanes) if (!this.isRunning) lane.dress(code);
  }

  allowFaults(allowed) {
    this.breaking.hidden = !allowed;
    this.hint.hidden = allowed;
    for (const lane of this.lanes) lane.allowFaults(allowed);
  }

  get isRunning() {
    return this.lanes.some((lane) => lane.reading && !lane.reading.isOver);
  }

  async start() {
    const asked = question();
    const answer = await askWhile(this.takeTurn(), asked);
    if (!answer) return;
    this.leave();
    // As they are chosen by then.
    const { code, interval } = settings();
    this.isAnnounced = false;
    // Each counts for itself, and each may come to read a stream of its own.
    for (const lane of this.lanes) lane.begin({ ...answer }, code, interval);
    this.stairs.begin(asked.tokens);
    this.hood.begin();
  }

  stop() {
    this.takeTurn();
    const streams = new Set(this.lanes.map((lane) => lane.reading?.answer.stream).filter(Boolean));
    for (const stream of streams) stopGenerating(stream);
  }

  leave() {
    this.takeTurn();
    for (const lane of this.lanes) lane.leave();
    this.hood.stop();
  }

  async breakAll(fault, seconds) {
    await Promise.all(this.lanes.map((lane) => lane.break(fault, seconds)));
  }

  laneChanged() {
    this.changed();
    this.stairs?.changed();
    this.hood?.wake();
  }

  laneEnded() {
    if (this.isRunning || this.isAnnounced) return;
    this.isAnnounced = true;
    const counts = new Set(this.lanes.map((lane) => lane.reading.answer.next));
    const areWhole = this.lanes.every((lane) => lane.reading.state === "complete");
    tell(areWhole && counts.size === 1 ? "All have ended, with equal numbers of tokens." : "All have ended.");
  }
}
