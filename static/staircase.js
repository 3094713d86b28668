import { make, soon } from "./screen.js";

const margin = { left: 52, right: 16, top: 12, bottom: 34 };

/** Tokens over time: the intended schedule as a grey area, each lane's arrivals as stairs before it.
 *
 * Stairs that coincide stay visible, because the first is drawn broadest: they lie in each other like bands.
 */
export class Staircase {
  constructor(lanes) {
    this.lanes = lanes;
    const label = "Staircases of tokens over time; the table below tells the same in figures";
    this.canvas = make("canvas", { role: "img", "aria-label": label });
    const names = lanes.map(({ transport }) => make("li", { "data-transport": transport.name }, transport.label));
    this.element = make(
      "section",
      { class: "stairs" },
      make("h2", {}, "Tokens on the page, over time"),
      make("ul", { class: "key" }, make("li", {}, "intended schedule"), ...names),
      make("div", { class: "plot" }, this.canvas),
    );
    this.changed = soon(() => this.draw());
    this.context = this.canvas.getContext("2d");
    new ResizeObserver(() => this.changed()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.changed());
  }

  begin(tokens) {
    this.tokens = tokens;
    this.changed();
  }

  draw() {
    const { canvas, context } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0) return;
    const scale = devicePixelRatio;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(`--${name}`);
    context.font = `${parseFloat(style.fontSize) * 0.875}px ${style.fontFamily}`;

    const readings = this.lanes.map((lane) => lane.reading).filter(Boolean);
    // One schedule, unless a server was started anew: then each lane has the rest's from when it asked for it.
    const schedules = readings.map((reading) => reading.ledger.intended).filter((intended) => intended.length > 0);
    const intended = (schedules[0] ?? []).map((_, index) => Math.min(...schedules.map((at) => at[index])));
    const start = readings[0]?.ledger.asked ?? 0;
    const ends = readings.map((reading) => reading.ledger.arrivals.at(-1)?.at ?? 0);
    const last = Math.max(0, ...ends, intended.at(-1) ?? 0);
    const span = Math.max(1000, (last - start) * 1.02);
    const tokens = Math.max(1, this.tokens ?? 1);
    const x = (at) => margin.left + ((at - start) / span) * (width - margin.left - margin.right);
    const y = (count) => height - margin.bottom - (count / tokens) * (height - margin.top - margin.bottom);

    this.axes(context, { width, height, span, tokens, x: (time) => x(start + time), y, colour });
    if (intended.length > 0) {
      context.fillStyle = colour("intended");
      context.beginPath();
      context.moveTo(x(intended[0]), y(0));
      intended.forEach((at, index) => stair(context, x(at), y(index), y(index + 1)));
      context.lineTo(x(start + span), y(intended.length));
      context.lineTo(x(start + span), y(0));
      context.fill();
    }
    const drawn = [...this.lanes].reverse();
    for (const [place, { transport, reading }] of drawn.entries()) {
      if (!reading?.ledger.arrivals.length) continue;
      context.strokeStyle = colour(transport.name);
      context.lineWidth = 2 + (drawn.length - 1 - place) * 3;
      context.lineJoin = "round";
      context.beginPath();
      let count = 0;
      context.moveTo(x(reading.ledger.arrivals[0].at), y(0));
      for (const { at } of reading.ledger.arrivals) stair(context, x(at), y(count), y((count += 1)));
      context.stroke();
    }
  }

  axes(context, { width, height, span, tokens, x, y, colour }) {
    context.fillStyle = colour("dim");
    context.strokeStyle = colour("line");
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (let count = 0; count <= tokens; count += step(tokens, 4)) {
      context.beginPath();
      context.moveTo(margin.left, Math.round(y(count)) + 0.5);
      context.lineTo(width - margin.right, Math.round(y(count)) + 0.5);
      context.stroke();
      context.fillText(String(count), margin.left - 8, y(count));
    }
    context.textAlign = "center";
    for (let time = 0; time <= span; time += step(span / 1000, width / 120) * 1000) {
      context.fillText(`${time / 1000} s`, x(time), height - margin.bottom / 2);
    }
  }
}

function stair(context, x, from, to) {
  context.lineTo(x, from);
  context.lineTo(x, to);
}

/** A round step that parts `extent` into about `parts`. */
function step(extent, parts) {
  const rough = extent / Math.max(1, parts);
  const power = 10 ** Math.floor(Math.log10(rough));
  return Math.max(1, [1, 2, 5, 10].find((factor) => factor * power >= rough) * power);
}
