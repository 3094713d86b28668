import { make } from "./screen.js";
import { isComment, lineCount, source } from "./transports.js";

/** The file that reads, as it runs. */
export class CodePanel {
  constructor() {
    this.heading = make("h4");
    this.text = make("pre", { tabindex: "0", role: "region", "aria-label": "The code that runs" });
    this.element = make("section", { class: "code", hidden: true }, this.heading, this.text);
  }

  /** Resolves to how many lines of code it has. */
  async show(code) {
    this.wanted = code;
    const text = await source(code);
    const count = lineCount(text);
    if (this.wanted !== code || this.shown === code) return count;
    this.shown = code;
    this.heading.replaceChildren(code.path, make("small", {}, ` ${count} lines without comments`));
    this.text.replaceChildren(
      ...text.split("\n").map((line) => make("span", isComment(line) ? { class: "comment" } : {}, `${line}\n`)),
    );
    return count;
  }
}
