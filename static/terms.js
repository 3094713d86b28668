import { make } from "./screen.js";

/** Each term in plain words. */
const words = {
  first: "From the question to the first token on this page. Over a poll it waits for the next time somebody asks.",
  delay: "How long after the instant for which it was meant the latest token came. The schedule is known, so nothing is hidden: who asks late is late.",
  p95: "Of a hundred tokens, ninety-five came within this delay.",
  gap: "The time between one token and the next, as they came. Tokens that came together have a gap of about zero.",
  tokens: "A token is the piece of text, of about four letters, that a language model makes at a time.",
  lost: "Tokens that were made and did not come: below the last that came, and once the answer has ended or was given up, to its end.",
  doubled: "Tokens that came more than once.",
  requests: "Each is a question of the browser’s, with all its header fields. A WebSocket asks once, an event stream once, and again whenever they come back. The one that began the answer is not among them.",
  bodies: "What the messages carry, without header fields and framing, and before any compression.",
  down: "Everything that the server sends in answer to these requests, above TCP: heads, bodies and framing. Of a server that ended, as far as it had told.",
  up: "Everything that reaches the server with these requests, above TCP: lines, header fields and, of a WebSocket, its frames.",
  reconnects: "How often the text went on after something was lost. Where a kept connection closes before a poll is answered, the browser repeats the poll by itself: the server sees that, the page does not. A poll’s answer that left whole and was lost on its way, and asked for again by the browser, is seen by neither.",
  back: "From a break that was made with a button here to the next token on this page. What comes within 20 ms was on its way already.",
  resume: "Resume: whole code, which goes on after a loss from the token it needs next. Naive: the least that works, as long as nothing breaks.",
  jitter: "How uneven the tokens come: the standard deviation of the gaps over their mean. 0 is a metronome; at 1 the gaps vary by as much as they last on average.",
  seed: "Another seed gives another answer. The same prompt and the same seed give the same answer, token for token, and at the same rate and jitter at the same instants.",
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
