// First, because the transports are waited for where they are imported.
import { onSubmit } from "./submit.js";
import { Chat } from "./chat.js";
import "./choice.js";
import { showNetwork } from "./network.js";
import { Race } from "./race.js";
import { health, sourceName } from "./server.js";
import { address, readAddress, viewInAddress } from "./settings.js";
import { Six } from "./six.js";
import { reply } from "./spoken.js";
import "./terms.js";
import { askForToken } from "./token.js";
import { transports } from "./transports.js";
import { turns } from "./turns.js";

const form = document.getElementById("settings");
const start = document.getElementById("start");
const stop = document.getElementById("stop");
const named = (id) => document.getElementById(id);

const takeTurn = turns();
// What somebody has typed since the page was loaded stays.
readAddress(["transport"]);
let shown = viewInAddress();
const changed = () => {
  const view = views?.[shown];
  stop.disabled = !view?.isRunning;
};
let views = null;
const known = ["chat", "race", "six"];
views = {
  // Without transports there is nothing to ask over.
  ...(transports.length > 0 && {
    chat: new Chat(named("chat"), { changed, again: begin }),
    race: new Race(named("race"), { changed, again: begin }),
  }),
  six: new Six(named("six")),
};

function show(view) {
  if (view !== shown) views[shown]?.leave();
  shown = known.includes(view) ? view : "race";
  for (const name of known) named(name).hidden = name !== shown;
  for (const link of document.querySelectorAll("nav a[data-view]")) {
    if (link.dataset.view === shown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  takeTurn();
  start.disabled = !views[shown];
  form.hidden = shown === "six";
  named("choice").hidden = shown !== "chat";
  start.textContent = shown === "race" ? "Race" : "Ask";
  changed();
}

async function begin() {
  const isOurs = takeTurn();
  start.disabled = true;
  try {
    await views[shown].start();
  } catch (error) {
    if (isOurs()) reply(`${error.message} Press ${start.textContent} to try again.`);
  }
  if (!isOurs()) return;
  start.disabled = false;
  changed();
}

form.addEventListener("change", (event) => {
  if (!form.checkValidity()) return;
  history.replaceState(null, "", address(shown));
  if (["transport", "code", "interval"].includes(event.target.name)) views[shown]?.dress();
});

stop.addEventListener("click", () => views[shown].stop());

named("link").addEventListener("click", async () => {
  const link = new URL(address(shown), location.href).href;
  history.replaceState(null, "", link);
  await navigator.clipboard.writeText(link).then(
    () => reply("The link is copied."),
    () => reply("The page’s address is the link: copy it from there."),
  );
});

for (const link of document.querySelectorAll("nav a[data-view]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    show(link.dataset.view);
    history.pushState(null, "", address(shown));
  });
}

addEventListener("popstate", () => {
  readAddress();
  show(viewInAddress());
});

show(shown);
if (transports.length > 0) onSubmit(begin, shown !== "six");
document.documentElement.dataset.ready = "";

const { token, faults } = await health();
if (token) await askForToken();
for (const view of Object.values(views)) view.allowFaults(faults === true);
await showNetwork();
const answering = await sourceName();
named("source").hidden = answering === "";
named("source").querySelector("b").textContent = answering;
