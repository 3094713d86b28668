import { make } from "./screen.js";
import { term } from "./terms.js";
import { turns } from "./turns.js";

const milliseconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const bytes = (value) => (value < 10_000 ? `${value} B` : `${(value / 1000).toFixed(1)} kB`);
const whole = String;

const byServer = {
  requests: "the server: all that reached it, those that the browser repeated by itself included; not the POST that asked",
  bodies: "the server: what its answers and messages carried",
  wire: "the server: TCP payload, heads and framing included, as Linux counts it",
  returns: "the server’s count of responses broken off, or this page’s count of retries: whichever is higher",
};
const allMissing = "counted here, against the length asked for once the answer is over";

// Who is told to stop is not told how long the answer was.
const length = ({ state, total, ledger }) => total ?? (state === "failed" ? ledger.intended.length || undefined : undefined);
const lost = (reading) => reading.ledger.missing(length(reading));

/** The figures, each with its name, its value for a reading, how it is written, and where it comes from. */
const figures = [
  ["first", "Time to first token", (reading) => reading.ledger.firstToken, milliseconds, "this page’s clock"],
  ["delay", "Delay now", (reading) => reading.ledger.delayNow, milliseconds, "this page’s clock, against the schedule"],
  ["p95", "Delay, p95", (reading) => reading.ledger.delayP95, milliseconds, "the same"],
  ["gap", "Longest gap between tokens", (reading) => reading.ledger.longestGap, milliseconds, "this page’s clock"],
  ["tokens", "Tokens", (reading) => reading.ledger.arrivals.length, whole, "counted here"],
  ["lost", "Lost", lost, whole, allMissing],
  ["doubled", "Duplicated", (reading) => reading.ledger.doubled, whole, "counted here"],
  ["requests", "Requests", (reading) => reading.served?.requests, whole, byServer.requests],
  ["bodies", "Body bytes", (reading) => reading.served?.bodies, bytes, byServer.bodies],
  ["down", "Bytes on the wire, down", (reading) => reading.served?.down, bytes, byServer.wire],
  ["up", "Bytes on the wire, up", (reading) => reading.served?.up, bytes, "the same"],
  ["reconnects", "Reconnects", (reading) => reading.comebacks, (value) => `${value} ×`, byServer.returns],
  ["back", "Back after", (reading) => reading.backAfter, milliseconds, "from the break to the next token"],
];

/** Looks at an answer that is over before a server that says nothing is left alone: ten seconds. */
const mostRounds = 40;

/** Under the hood: a table of figures, a column a lane. */
export class Hood {
  constructor(lanes) {
    this.lanes = lanes;
    this.takeTurn = turns();
    this.isShown = this.takeTurn();
    // Narrow screens lay the rows out as grids, and what is no table any more is one by its roles alone.
    this.heads = lanes.map(() => make("th", { role: "columnheader", scope: "col" }));
    this.rows = figures.map(([name, label, value, format, source]) => {
      const cells = lanes.map(() => make("td", { role: "cell", "data-figure": name }, "–"));
      const origin = make("td", { role: "cell", class: "source" }, source);
      const heading = make("th", { role: "rowheader", scope: "row" }, term(name, label));
      const element = make("tr", { role: "row" }, heading, ...cells, origin);
      return { name, value, format, cells, element };
    });
    const corner = make("th", { role: "columnheader", scope: "col" }, make("span", { class: "unseen" }, "Figure"));
    const origin = make("th", { role: "columnheader", class: "source", scope: "col" }, "Where it comes from");
    const table = make(
      "table",
      { role: "table" },
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, corner, ...this.heads, origin)),
      make("tbody", { role: "rowgroup" }, ...this.rows.map((row) => row.element)),
    );
    table.style.setProperty("--lanes", lanes.length);
    const region = { class: "hood", tabindex: "0", role: "region", "aria-label": "Figures of each transport" };
    this.element = make("section", {}, make("h2", {}, "Under the hood"), make("div", region, table));
  }

  /** Starts to show another answer. */
  begin() {
    this.isShown = this.takeTurn();
    this.wake();
  }

  /** Shows what there is, and four times a second what changes, until nothing does. */
  wake() {
    this.draw();
    this.rounds = 0;
    this.timer ??= setInterval(() => this.refresh(), 250);
  }

  async refresh() {
    const { isShown } = this;
    this.rounds += 1;
    const readings = this.lanes.map((lane) => lane.reading).filter(Boolean);
    const isOver = readings.every((reading) => reading.isOver);
    if (this.rounds % 2 === 1) {
      // One after the other, so that an earlier answer never comes after a later one.
      const count = () => Promise.all(readings.map((reading) => reading.count()));
      this.asking = (this.asking ?? Promise.resolve()).then(count);
      await this.asking;
    }
    if (!isShown()) return;
    this.draw();
    const isSettled = readings.every((reading) => reading.isSettled);
    if (isOver && (isSettled || this.rounds > mostRounds)) this.stop();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
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
