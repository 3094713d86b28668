import { make } from "./screen.js";
import { isComment, lineCount, source } from "./transports.js";
import { turns } from "./turns.js";

/** The file that reads, as it runs. */
export class CodePanel {
  constructor() {
    this.takeTurn = turns();
    this.heading = make("h4");
    this.text = make("pre", { tabindex: "0", role: "region", "aria-label": "The code that runs" });
    this.element = make("section", { class: "code", hidden: true }, this.heading, this.text);
  }

  /** Resolves to how many lines of code it has; to null where other code was wanted meanwhile, or there is none to be had. */
  async show(code) {
    const isWanted = this.takeTurn();
    const text = await source(code);
    if (!isWanted() || text === null) return null;
    const count = lineCount(text);
    if (this.shown === code) return count;
    this.shown = code;
    this.heading.replaceChildren(code.path, make("small", {}, ` ${count} lines without comments`));
    this.text.replaceChildren(
      ...text.split("\n").map((line) => make("span", isComment(line) ? { class: "comment" } : {}, `${line}\n`)),
    );
    return count;
  }
}
