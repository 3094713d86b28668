import { make } from "./screen.js";

/** Each term in plain words. */
const words = {
  first: "From the question to the first token on this page. Over a poll it waits for the next time somebody asks.",
  delay: "How long after the instant for which it was meant the latest token came. The schedule is known, so nothing is hidden: who asks late is late.",
  p95: "Of a hundred tokens, ninety-five came within this delay.",
  gap: "The time between one token and the next, as they came. Tokens that came together have a gap of zero.",
  tokens: "A token is the piece of text, of about four letters, that a language model makes at a time.",
  lost: "Tokens that were made and did not come.",
  doubled: "Tokens that came more than once.",
  requests: "Each is a question of the browser’s, with all its header fields. A WebSocket asks once, an event stream once.",
  bodies: "What the messages carry, without header fields and framing.",
  down: "Everything that travels from the server to the browser over this reader’s connections.",
  up: "Everything that travels from the browser to the server.",
  reconnects: "How often this page lost the connection and the text went on. Where a kept connection closes before a poll is answered, the browser repeats the poll by itself, and the page does not notice.",
  back: "From a break that was made with a button here to the next token on this page.",
  resume: "Resume: whole code, which goes on after a loss from the token it needs next. Naive: the least that works, as long as nothing breaks.",
  jitter: "How uneven the tokens come: the standard deviation of the gaps over their mean. 0 is a metronome; a language model lies between 0.3 and 1.",
  seed: "Another seed gives another answer. The same prompt and the same seed give the same answer, token for token, at the same instants.",
};

/** A term with its explanation, for pointers and keyboards. */
export function term(name, label) {
  return make("button", { type: "button", class: "term", "data-term": name }, label);
}

const tooltip = document.getElementById("tooltip");
let current = null;

function show(target) {
  hide();
  current = target;
  tooltip.textContent = words[target.dataset.term];
  tooltip.hidden = false;
  target.setAttribute("aria-describedby", "tooltip");
  const place = target.getBoundingClientRect();
  const left = Math.min(place.left, document.documentElement.clientWidth - tooltip.offsetWidth - 16);
  const above = place.top - tooltip.offsetHeight - 8;
  tooltip.style.left = `${Math.max(16, left) + scrollX}px`;
  tooltip.style.top = `${(above > 8 ? above : place.bottom + 8) + scrollY}px`;
}

function hide() {
  current?.removeAttribute("aria-describedby");
  current = null;
  tooltip.hidden = true;
}

const termAt = (event) => event.target.closest?.(".term");

document.addEventListener("pointerover", (event) => {
  const target = termAt(event);
  if (target) show(target);
  else if (current && !tooltip.contains(event.target) && current !== document.activeElement) hide();
});
document.addEventListener("focusin", (event) => (termAt(event) ? show(termAt(event)) : hide()));
document.addEventListener("click", (event) => termAt(event) && show(termAt(event)));
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
