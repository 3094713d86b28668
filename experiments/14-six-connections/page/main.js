import { close, open, streams } from "./streams.js";

// Its beginning is there at once, and then nothing is said for longer than anybody watches.
const question = { prompt: "Six connections", tokens: 72, burst: 36, rate: 0.01, jitter: 0, think: 0 };
const asked = fetch("/streams", { method: "POST", body: JSON.stringify(question) }).then((response) => response.json());

document.querySelector("form").onsubmit = async (event) => {
  event.preventDefault();
  const [choice] = event.target.elements.what.selectedOptions;
  const place = open(choice.value, (await asked).stream);
  const [item, text, button] = ["li", "span", "button"].map((name) => document.createElement(name));
  button.textContent = "Close";
  button.onclick = () => close(place);
  const show = () => {
    const { state, reason } = streams[place];
    text.textContent = `${choice.text.trim()}: ${state} ${reason} `;
    button.disabled = state === "closed";
  };
  streams[place].onchange = show;
  show();
  item.append(text, button);
  document.querySelector("ol").append(item);
};
