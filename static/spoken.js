/** Reads an answer out politely: whole sentences, not tokens, and not more often than every two seconds. */
export class Spoken {
  constructor(element) {
    this.element = element;
    this.waiting = "";
    this.timer = null;
  }

  begin() {
    this.waiting = "";
    this.element.textContent = "";
  }

  add(text) {
    this.waiting += text;
    this.timer ??= setTimeout(() => this.say(/^[^]*[.!?\n]/), 2000);
  }

  end(last) {
    this.waiting += ` ${last}`;
    this.say(/^[^]*/);
  }

  say(part) {
    clearTimeout(this.timer);
    this.timer = null;
    const sentences = this.waiting.match(part)?.[0];
    if (!sentences) return;
    this.waiting = this.waiting.slice(sentences.length);
    this.element.textContent = sentences.trim();
  }
}

const status = document.getElementById("status");
let timer = null;
let lasting = "";

/** Says something about the page itself, and takes it back after a while. */
export function tell(text) {
  status.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (status.textContent = lasting), 6000);
}

/** The same, for as long as the page is open. */
export function tellForGood(text) {
  lasting = text;
  tell(text);
}

/** The same as `tell`, in answer to a click: where it is said is brought into sight. */
export function reply(text) {
  tell(text);
  status.scrollIntoView({ block: "nearest" });
}
