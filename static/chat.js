import { Hood } from "./hood.js";
import { Lane } from "./lane.js";
import { make } from "./screen.js";
import { askWhile, stopGenerating } from "./server.js";
import { question, settings } from "./settings.js";
import { Spoken } from "./spoken.js";
import { transportNamed } from "./transports.js";
import { turns } from "./turns.js";

/** One answer, over the transport that is chosen, and over another from the same token as soon as that is. */
export class Chat {
  constructor(element, { changed, again }) {
    this.takeTurn = turns();
    this.spoken = new Spoken(document.getElementById("spoken"));
    this.lane = new Lane(transportNamed(settings().transport), {
      token: (text) => this.spoken.add(text),
      changed: () => {
        changed();
        this.hood?.wake();
      },
      ended: () => this.spoken.end("The answer has ended."),
      again,
    });
    this.hood = new Hood([this.lane]);
    const how = "To break connections, start the server with pushlab serve --faults.";
    this.hint = make("p", { class: "breaking", hidden: true }, how);
    this.lane.toggle(this.lane.code);
    element.classList.add("chat");
    element.append(make("div", { class: "lanes" }, this.lane.element), this.hint, this.hood.element);
    this.dress();
  }

  /** The transport or its code was chosen anew. */
  dress() {
    const { transport, code, interval } = settings();
    this.lane.goOn(transportNamed(transport), code, interval);
    this.hood.draw();
  }

  allowFaults(allowed) {
    this.hint.hidden = allowed;
    this.lane.allowFaults(allowed);
  }

  get isRunning() {
    return Boolean(this.lane.reading) && !this.lane.reading.isOver;
  }

  async start() {
    const answer = await askWhile(this.takeTurn(), question());
    if (!answer) return;
    this.leave();
    // As they are chosen by then.
    const { code, interval } = settings();
    this.spoken.begin();
    this.lane.begin(answer, code, interval);
    this.hood.begin();
  }

  stop() {
    this.takeTurn();
    if (this.lane.reading?.answer.stream) stopGenerating(this.lane.reading.answer.stream);
  }

  leave() {
    this.takeTurn();
    this.lane.leave();
    this.hood.stop();
  }
}
