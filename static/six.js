import { make } from "./screen.js";
import { askWhile, stopGenerating } from "./server.js";
import { turns } from "./turns.js";

const streams = 8;

/** Eight event streams at once: over HTTP/1.1 a browser opens six connections to a server, and no more. */
export class Six {
  constructor(element) {
    this.button = make("button", { type: "button", class: "primary", onclick: () => this.start() }, "Open eight event streams");
    this.closing = make("button", { type: "button", hidden: true, onclick: () => this.leave() }, "Close all");
    this.verdict = make("p", { class: "lead", role: "status" });
    this.list = make("ol", { class: "sixes" });
    element.append(
      make("h2", {}, "The seventh waits"),
      make("p", { class: "lead" }, "An event stream is a response that does not end, so it keeps its connection. Browsers open at most six connections to one server over HTTP/1.1, counted over all tabs: whoever opens a page with such a stream in a seventh tab sees nothing. WebSockets are counted apart, and HTTP/2 carries many streams over one connection."),
      make("p", {}, this.button, " ", this.closing),
      this.verdict,
      this.list,
    );
    this.rows = [];
    this.takeTurn = turns();
    // The next page comes over one of the six connections too, and pagehide is told only when it is there.
    addEventListener("beforeunload", () => this.leave());
  }

  async start() {
    this.leave();
    const isOurs = this.takeTurn();
    this.closing.hidden = false;
    let answer = null;
    try {
      // Long enough for a lecture: nothing is said on it but its beginning.
      answer = await askWhile(isOurs, { prompt: "Six connections", tokens: 1, think: 3600 });
    } catch (error) {
      this.closing.hidden = true;
      this.verdict.textContent = `${error.message} Press the button to try again.`;
      return;
    }
    if (!answer) return;
    this.answer = answer;
    this.rows = Array.from({ length: streams }, (_, place) => this.open(place, isOurs));
    this.list.replaceChildren(...this.rows.map((row) => row.element));
    this.isJudged = false;
    this.timer = setTimeout(() => {
      this.isJudged = true;
      this.judge();
    }, 1500);
  }

  open(place, isOurs) {
    const condition = make("span", { class: "condition" }, "connecting");
    const reason = make("span", { class: "reason" });
    const close = make("button", { type: "button", "aria-label": `Close stream ${place + 1}` }, "Close");
    const element = make("li", {}, make("span", { class: "number" }, String(place + 1)), condition, reason, close);
    const source = new EventSource(`/streams/${this.answer.stream}/events?reader=six-${place + 1}`);
    const row = { element, condition, reason, source };
    // Whoever waits for a connection hears nothing: an error says that it was open, or found no server.
    const hear = (isLost) => {
      row.isLost = isLost;
      if (this.isJudged) this.judge();
      else this.say(row);
    };
    source.onopen = () => hear(false);
    source.onerror = () => hear(true);
    close.addEventListener("click", () => {
      source.close();
      this.say(row);
      close.disabled = true;
      // The browser gives the connection to another.
      setTimeout(() => isOurs() && this.judge(), 500);
    });
    return row;
  }

  judge() {
    const open = this.rows.filter(({ source }) => source.readyState === EventSource.OPEN).length;
    for (const row of this.rows) this.say(row);
    const waiting = this.rows.filter(({ source }) => source.readyState === EventSource.CONNECTING).length;
    this.verdict.textContent = waiting > 0 ? `${open} are open, ${waiting} wait.` : `${open} are open, none waits.`;
  }

  /** Says how a stream stands. */
  say({ source, isLost, element, condition, reason }) {
    element.classList.toggle("isOpen", source.readyState === EventSource.OPEN);
    condition.textContent = { [EventSource.OPEN]: "open", [EventSource.CLOSED]: "closed" }[source.readyState] ?? "waiting";
    if (source.readyState !== EventSource.CONNECTING) reason.textContent = "";
    else if (isLost) reason.textContent = "The server does not answer. The browser asks again by itself.";
    else reason.textContent = "All six connections to this server are taken, here or in other tabs. Close one, and this opens.";
  }

  leave() {
    this.takeTurn();
    clearTimeout(this.timer);
    for (const { source } of this.rows) source.close();
    if (this.rows.length > 0) stopGenerating(this.answer.stream);
    this.rows = [];
    this.list.replaceChildren();
    this.verdict.textContent = "";
    this.closing.hidden = true;
  }

  dress() {}
  allowFaults() {}
}
