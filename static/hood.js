import { make } from "./screen.js";
import { counts, sentBytes } from "./server.js";
import { term } from "./terms.js";
import { turns } from "./turns.js";

const milliseconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const bytes = (value) => (value < 10_000 ? `${value} B` : `${(value / 1000).toFixed(1)} kB`);
const whole = String;

const onceOpened = "the browser’s resource timings; event stream and WebSocket: connections opened here";
const asTheyCame = "the browser’s resource timings; event stream and WebSocket: messages as they came";
const onTheWire = "the server: TCP payload as Linux counts it, heads and framing included";
const allMissing = "counted here; of an answer given up, all that is missing";

const lost = ({ ledger, state, answer }) => ledger.missing(state === "failed" ? answer.question.tokens : undefined);

/** The figures, each with its name, its value for a reading, how it is written, and where it comes from. */
const figures = [
  ["first", "First token after", (reading) => reading.ledger.firstToken, milliseconds, "this page’s clock"],
  ["delay", "Delay now", (reading) => reading.ledger.delayNow, milliseconds, "this page’s clock, against the schedule"],
  ["p95", "Delay, 95 % within", (reading) => reading.ledger.delayP95, milliseconds, "the same"],
  ["gap", "Gaps, 95 % within", (reading) => reading.ledger.gapP95, milliseconds, "this page’s clock"],
  ["tokens", "Tokens", (reading) => reading.ledger.arrivals.length, whole, "counted here"],
  ["lost", "Lost", lost, whole, allMissing],
  ["doubled", "Doubled", (reading) => reading.ledger.doubled, whole, "counted here"],
  ["requests", "Requests", (reading) => reading.requests, whole, onceOpened],
  ["bodies", "Bytes of bodies", (reading) => reading.bodies, bytes, asTheyCame],
  ["down", "Bytes on the wire, down", (reading) => reading.server?.down, bytes, onTheWire],
  ["up", "Bytes on the wire, up", (reading) => reading.server?.up, bytes, "the same"],
  ["reconnects", "Came back", (reading) => reading.reconnects, (value) => `${value} ×`, "counted here"],
  ["back", "Back after", (reading) => reading.backAfter, milliseconds, "from the break to the next token"],
];

/** What servers told of one reader, added up: one that was started anew counts from zero. */
function added(before, told) {
  if (!told) return before;
  const isAnew = before && told.down < before.told.down;
  const earlier = isAnew ? { down: before.down, up: before.up } : (before?.earlier ?? { down: 0, up: 0 });
  return { told, earlier, down: earlier.down + told.down, up: earlier.up + told.up };
}

/** What was sent before, and since then, by transport. */
const countSent = () => sentBytes().then((last) => ({ last, total: {} }));

/** Under the hood: a table of figures, a column a lane. */
export class Hood {
  constructor(lanes) {
    this.lanes = lanes;
    this.takesFaults = true;
    this.takeTurn = turns();
    this.isShown = this.takeTurn();
    this.heads = lanes.map(() => make("th", { scope: "col" }));
    this.rows = figures.map(([name, label, value, format, source]) => {
      const cells = lanes.map(() => make("td", { "data-figure": name }, "–"));
      const origin = make("td", { class: "source" }, source);
      const element = make("tr", {}, make("th", { scope: "row" }, term(name, label)), ...cells, origin);
      return { name, value, format, cells, origin, element };
    });
    const corner = make("th", { scope: "col" }, make("span", { class: "unseen" }, "Figure"));
    const origin = make("th", { class: "source", scope: "col" }, "Where it comes from");
    const table = make(
      "table",
      {},
      make("thead", {}, make("tr", {}, corner, ...this.heads, origin)),
      make("tbody", {}, ...this.rows.map((row) => row.element)),
    );
    const region = { class: "hood", tabindex: "0", role: "region", "aria-label": "Figures of each transport" };
    this.element = make("section", {}, make("h2", {}, "Under the hood"), make("div", region, table));
  }

  /** Starts to show, four times a second. */
  begin() {
    this.stop();
    this.isShown = this.takeTurn();
    this.sent = this.takesFaults ? null : countSent();
    this.timer = setInterval(() => this.refresh(), 250);
    this.round = 0;
  }

  async refresh() {
    const { isShown } = this;
    this.round += 1;
    const readings = this.lanes.map((lane) => lane.reading);
    const isOver = readings.every((reading) => !reading || reading.isOver);
    if (this.round % 2 === 0 || isOver) {
      // One after the other, so that an earlier answer never comes after a later one.
      this.asking = (this.asking ?? Promise.resolve()).then(() => this.askServer(readings, isShown));
      await this.asking;
    }
    if (!isShown()) return;
    this.draw();
    if (isOver) this.stop();
  }

  stop() {
    clearInterval(this.timer);
  }

  async askServer(readings, isShown) {
    if (this.takesFaults) {
      const asked = readings.filter(Boolean);
      const told = await Promise.all(asked.map((reading) => counts(reading.tag)));
      for (const [place, reading] of asked.entries()) reading.server = added(reading.server, told[place]);
      return;
    }
    // All that /metrics tells is of all readers of a transport together, and of bodies.
    const sent = await (this.sent ??= countSent());
    const now = await sentBytes();
    if (!isShown()) return;
    for (const [name, bytes] of Object.entries(now)) {
      const before = sent.last[name] ?? 0;
      sent.total[name] = (sent.total[name] ?? 0) + (bytes < before ? bytes : bytes - before);
    }
    Object.assign(sent.last, now);
    for (const reading of readings) {
      if (reading) reading.server = { down: sent.total[reading.transport.name] };
    }
    const origins = {
      down: "the server’s /metrics: bodies and messages to all its readers since the start; heads are left out",
      up: "told by a server that was started with --faults",
    };
    for (const row of this.rows) row.origin.textContent = origins[row.name] ?? row.origin.textContent;
  }

  draw() {
    for (const [place, lane] of this.lanes.entries()) {
      const { reading } = lane;
      this.heads[place].dataset.transport = lane.transport.name;
      this.heads[place].textContent = lane.transport.label;
      if (!reading) continue;
      for (const { name, value, format, cells } of this.rows) {
        const figure = value(reading);
        const text = figure === undefined || Number.isNaN(figure) ? "–" : format(figure);
        const cell = cells[place];
        if (cell.textContent !== text) cell.textContent = text;
        cell.dataset.value = figure ?? "";
        cell.classList.toggle("bad", (name === "lost" || name === "doubled") && figure > 0);
      }
    }
  }
}
