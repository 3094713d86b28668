import { make } from "./screen.js";

/** Each term in plain words. */
const words = {
  first: "From the question to the first token on this page. With polling, it waits for the next poll.",
  delay: "How long after its intended instant the latest token arrived. The schedule is known, so no wait is hidden: a token that is fetched late counts as late.",
  p95: "Of a hundred tokens, ninety-five came within this delay.",
  gap: "The time between the arrivals of one token and the next, also called inter-token latency. Tokens that arrive together have a gap of about zero.",
  tokens: "A token is the piece of text, about four letters long, that a language model generates in one step.",
  lost: "Tokens that were generated but did not arrive: those before the last one that arrived and, once the answer has ended or was given up, those up to its end.",
  doubled: "Tokens that came more than once.",
  requests: "Requests that the browser sent, each with all its header fields. An event stream, a streamed fetch and a WebSocket send one each, and another per reconnect. The one that started the answer is not counted.",
  bodies: "What the messages carry, without header fields and framing, and before any compression.",
  down: "Everything that the server sends in answer to these requests, above TCP: heads, bodies and framing. For a server that has exited, what it had reported by then.",
  up: "Everything that reaches the server with these requests, above TCP: lines, header fields and, of a WebSocket, its frames.",
  reconnects: "How often reading resumed after a connection or a response was lost. Where a keep-alive connection closes before a poll is answered, the browser repeats the poll by itself: the server sees that, the page does not. A poll’s response that was sent in full, lost on the way and requested again by the browser is seen by neither.",
  back: "From a break that was made with a button here to the next token on this page. What was already in flight does not count: a token that was generated before the break, unless its reader had noticed the loss.",
  resume: "Resume: complete code, which after a loss continues with the next token it needs. Naive: the least code that works as long as nothing breaks.",
  jitter: "How uneven the tokens come: the standard deviation of the gaps over their mean. 0 is a metronome; at 1 the gaps vary by as much as they last on average.",
  seed: "Another seed gives another answer, though all that explain the blue sky begin alike. The same prompt and the same seed give the same answer, token for token, and at the same rate and jitter at the same instants.",
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
