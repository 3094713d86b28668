import { Chat } from "./chat.js";
import "./choice.js";
import { Race } from "./race.js";
import { health } from "./server.js";
import { address, readAddress } from "./settings.js";
import { Six } from "./six.js";
import { tell } from "./spoken.js";
import "./terms.js";
import { askForToken } from "./token.js";
import { turns } from "./turns.js";

const form = document.getElementById("settings");
const start = document.getElementById("start");
const stop = document.getElementById("stop");
const named = (id) => document.getElementById(id);

const takeTurn = turns();
let shown = readAddress();
const changed = () => {
  const view = views?.[shown];
  stop.disabled = !view?.isRunning;
};
let views = null;
views = {
  chat: new Chat(named("chat"), { changed, again: begin }),
  race: new Race(named("race"), { changed, again: begin }),
  six: new Six(named("six")),
};

function show(view) {
  if (view !== shown) views[shown]?.leave();
  shown = view in views ? view : "race";
  for (const name of Object.keys(views)) named(name).hidden = name !== shown;
  for (const link of document.querySelectorAll("nav a[data-view]")) {
    if (link.dataset.view === shown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  takeTurn();
  start.disabled = false;
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
    if (isOurs()) tell(`${error.message} Press ${start.textContent} to try again.`);
  }
  if (!isOurs()) return;
  start.disabled = false;
  changed();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  begin();
});

form.addEventListener("change", (event) => {
  if (!form.checkValidity()) return;
  history.replaceState(null, "", address(shown));
  if (["transport", "code", "interval"].includes(event.target.name)) views[shown].dress();
});

stop.addEventListener("click", () => views[shown].stop());

named("link").addEventListener("click", async () => {
  const link = new URL(address(shown), location.href).href;
  history.replaceState(null, "", link);
  await navigator.clipboard.writeText(link).then(
    () => tell("The link is copied."),
    () => tell("The page’s address is the link: copy it from there."),
  );
});

for (const link of document.querySelectorAll("nav a[data-view]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    show(link.dataset.view);
    history.pushState(null, "", address(shown));
  });
}

addEventListener("popstate", () => show(readAddress()));

show(shown);
document.documentElement.dataset.ready = "";

const { token, faults } = await health();
if (token) await askForToken();
for (const view of Object.values(views)) view.allowFaults(faults === true);
