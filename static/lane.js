import { Reading } from "./reading.js";
import { make, soon } from "./screen.js";
import { giveFault } from "./server.js";
import { CodePanel } from "./code.js";
import { WirePanel } from "./wire.js";

/** A lane: one reader's card, with its text, what can be done to it, its wire and its code. */
export class Lane {
  /** `on` is told of { changed, again }: something to draw, a wish to ask once more. */
  constructor(transport, on = {}) {
    this.transport = transport;
    this.on = on;
    this.reading = null;
    this.pending = "";
    this.flush = soon(() => this.show());
    this.title = make("h3");
    this.state = make("span", { class: "state" }, "ready");
    this.text = make("div", { class: "text", tabindex: "0", role: "region" });
    this.sentence = make("span");
    this.again = make("button", { type: "button", onclick: () => this.tryAgain() }, "Try again");
    this.notice = make("p", { class: "notice", hidden: true }, this.sentence, this.again);
    this.wire = new WirePanel();
    this.code = new CodePanel();
    this.beside = make("div", { class: "beside", hidden: true }, this.wire.element, this.code.element);
    this.breakers = [
      this.button("Cut", "Cuts this connection", () => this.break("cut")),
      this.button("Stall", "Holds back everything for two seconds", () => this.break("stall", 2)),
      this.button("Offline", "Takes this reader offline for five seconds", () => this.break("offline", 5)),
    ];
    this.wireButton = this.button("Wire", "Shows the bytes of the last messages", () => this.toggle(this.wire));
    this.codeButton = this.button("Code", "Shows the file that runs", () => this.toggle(this.code));
    const foot = make("footer", {}, ...this.breakers, make("span", { class: "spring" }), this.wireButton, this.codeButton);
    this.size = make("span", { class: "size" });
    const head = make("header", {}, this.title, this.state, this.size);
    this.element = make("article", { class: "lane" }, head, this.text, this.notice, foot, this.beside);
    this.dress("resume");
  }

  button(text, title, onclick) {
    return make("button", { type: "button", title, onclick }, text);
  }

  /** Shows the transport's name, colour and code. */
  dress(mode) {
    const { name, label } = this.transport;
    this.element.dataset.transport = name;
    this.title.textContent = label;
    this.text.setAttribute("aria-label", `${label}: the answer`);
    this.element.setAttribute("aria-label", label);
    this.wire.label = label;
    this.code.show(this.transport[mode]).then((count) => {
      if (count !== null) this.size.textContent = `${count} lines of code`;
    });
  }

  allowFaults(allowed) {
    for (const button of this.breakers) button.hidden = !allowed;
    this.wire.isAllowed = allowed;
  }

  /** Begins a new answer. */
  begin(answer, mode, interval) {
    this.reading?.leave();
    this.text.replaceChildren();
    this.run = null;
    this.pending = "";
    this.reading = new Reading(answer, this.transport, {
      token: (text) => {
        this.pending += text;
        this.flush();
        this.on.token?.(text);
      },
      state: () => {
        this.flush();
        this.on.changed?.();
      },
      ended: () => this.on.ended?.(),
    });
    this.goOn(this.transport, mode, interval);
  }

  /** Reads the same answer on, from its next token, over this transport. */
  goOn(transport, mode, interval) {
    this.show();
    this.transport = transport;
    this.dress(mode);
    this.run = null;
    if (!this.reading) return;
    if (!["complete", "stopped"].includes(this.reading.state)) this.reading.over(transport, mode, interval);
    this.nameReader();
  }

  nameReader() {
    const { tag } = this.reading;
    this.wire.tag = tag;
    if (tag) this.element.dataset.reader = tag;
  }

  leave() {
    this.reading?.leave();
  }

  tryAgain() {
    const { reading } = this;
    // What whole code gives up on does not mend by being read again.
    if (reading.state === "failed" && reading.mode === "resume") return this.on.again();
    reading.over(reading.transport, reading.mode, reading.interval);
    this.show();
  }

  async break(fault, seconds) {
    const { reading } = this;
    if (!reading) return;
    await giveFault(fault, reading.tag, seconds);
    reading.broke();
    this.flush();
  }

  toggle(panel) {
    panel.element.hidden = !panel.element.hidden;
    panel.element.hidden ? panel.close?.() : panel.open?.();
    this.wireButton.setAttribute("aria-expanded", !this.wire.element.hidden);
    this.codeButton.setAttribute("aria-expanded", !this.code.element.hidden);
    const isWide = !this.wire.element.hidden || !this.code.element.hidden;
    this.beside.hidden = !isWide;
    this.element.classList.toggle("isWide", isWide);
  }

  /** Puts what has come on the screen. Text is text: nothing of it is ever read as markup. */
  show() {
    const { reading } = this;
    const isAtEnd = this.text.scrollTop + this.text.clientHeight > this.text.scrollHeight - 40;
    if (this.pending) {
      if (!this.run) {
        this.run = document.createTextNode("");
        this.text.append(make("span", { "data-transport": this.transport.name }, this.run));
      }
      this.run.appendData(this.pending);
      this.pending = "";
    }
    if (reading) this.tell(reading);
    // A notice takes its room from the text, whose end stays in sight.
    if (isAtEnd) this.text.scrollTop = this.text.scrollHeight;
  }

  /** Says how the reading stands. */
  tell(reading) {
    this.state.textContent = describe(reading);
    this.element.dataset.state = reading.state;
    this.element.classList.toggle("isTyping", reading.state === "typing");
    const sentence = explain(reading);
    if (this.sentence.textContent !== sentence) this.sentence.textContent = sentence;
    this.notice.hidden = sentence === "";
    this.again.hidden = !["waiting", "failed"].includes(reading.state);
    this.again.textContent = reading.state === "waiting" ? "Try now" : "Try again";
    clearTimeout(this.countdown);
    if (reading.state === "waiting") this.countdown = setTimeout(this.flush, 250);
  }
}

function describe(reading) {
  const count = reading.ledger.arrivals.length;
  const tokens = `${count} token${count === 1 ? "" : "s"}`;
  const back = reading.backAfter === undefined ? "" : `, back after ${seconds(reading.backAfter)}`;
  switch (reading.state) {
    case "asking": return "waiting for the first token";
    case "typing": return `${tokens}${back}`;
    case "waiting": return "trying again";
    case "failed": return "gave up";
    case "left": return `stopped reading, ${tokens}`;
    default: return `${reading.state}, ${tokens}${back}`;
  }
}

/** What the reader of the page should know beside the text; empty where all is well. */
function explain(reading) {
  if (reading.state === "failed" && reading.mode === "naive") {
    return `The naive code gave up, and the rest of the answer is lost to it (${reading.why}).`;
  }
  if (reading.state === "failed") return reading.why.endsWith(".") ? reading.why : `This cannot be read: ${reading.why}.`;
  if (reading.state === "waiting") {
    if (reading.nextTry === undefined) return "The connection was lost. The browser reconnects by itself, about once a second.";
    const left = Math.ceil((reading.nextTry - performance.now()) / 1000);
    return `No answer from the server. The next try is ${left > 0 ? `in ${left} s` : "under way"}.`;
  }
  const pause = reading.transport.pauses ? reading.interval : 0;
  const bunch = reading.ledger.longestBunch();
  if (!reading.wasBroken && reading.returns === 0 && bunch > Math.max(1000, 2.5 * pause)) {
    return `${seconds(bunch)} worth of tokens arrived all at once: something between here and the server, such as a proxy that buffers, holds them back.`;
  }
  return "";
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
