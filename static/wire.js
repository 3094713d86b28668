import { make } from "./screen.js";
import { wire } from "./server.js";
import { turns } from "./turns.js";

const shownMessages = 6;
/** Milliseconds between two looks. */
const interval = 500;

/** The very bytes of the last messages: head and framing dimmed, what they carry lit. */
export class WirePanel {
  constructor() {
    this.heading = make("h4", {}, "On the wire ", make("small", {}, "as the server wrote it"));
    this.text = make("pre", { tabindex: "0", role: "region", "aria-label": "The last messages, byte by byte" });
    this.element = make("section", { class: "wire", hidden: true }, this.heading, this.text);
    this.isAllowed = true;
    this.takeTurn = turns();
  }

  async open() {
    const isOpen = this.takeTurn();
    while (isOpen()) {
      await this.refresh(isOpen);
      await new Promise((goOn) => setTimeout(goOn, interval));
    }
  }

  close() {
    this.takeTurn();
  }

  async refresh(isOpen) {
    if (!this.isAllowed) {
      this.text.textContent = "The server shows its bytes when it is started with pushlab serve --faults.";
      return;
    }
    const { tag } = this;
    if (!tag) return;
    const messages = await wire(tag);
    if (!isOpen() || tag !== this.tag) return;
    const last = messages.at(-1)?.number;
    if (last === this.last && tag === this.lastTag) return;
    [this.last, this.lastTag] = [last, tag];
    this.text.replaceChildren(...messages.slice(-shownMessages).map(show));
    this.text.scrollTop = this.text.scrollHeight;
  }
}

function show({ direction, size, bytes }) {
  const { text, cutOff } = decode(bytes, size);
  const element = make("span", { class: "message" }, make("span", { class: "size" }, `${size} bytes`));
  if (direction === "up") {
    element.append(make("span", { class: "dimmed" }, `> ${text}`));
    if (cutOff > 0) element.append(make("span", { class: "dimmed" }, `\n> … and ${cutOff} bytes of the browser’s own fields`));
    return element;
  }
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}") + 1;
  const [head, body, tail] = start < 0 || end === 0 ? [text, "", ""] : [text.slice(0, start), text.slice(start, end), text.slice(end)];
  element.append(
    make("span", { class: "dimmed" }, head),
    make("span", { class: "lit" }, body),
    make("span", { class: "dimmed" }, tail, cutOff > 0 ? ` … and ${cutOff} bytes more` : ""),
  );
  return element;
}

/** Base64 to readable text: UTF-8 as it is, line ends shown, bytes that are no text in hexadecimal. */
function decode(base64, size) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  // A WebSocket frame's header is no text: its first byte has the highest bit set (FIN).
  const header = bytes[0] >= 0x80 ? (bytes[1] < 126 ? 2 : bytes[1] === 126 ? 4 : 10) : 0;
  const hex = [...bytes.slice(0, header)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const text = new TextDecoder().decode(bytes.slice(header));
  const shown = text.replaceAll("\r\n", "\\r\\n\n").trimEnd();
  return { text: (hex ? `${hex} ` : "") + shown, cutOff: size - bytes.length };
}
