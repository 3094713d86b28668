/** The settings, between the form and the page's address: a link carries all of them. */

const defaults = {
  view: "race",
  prompt: "Why is the sky blue?",
  transport: "server-sent-events",
  code: "resume",
  interval: 500,
  tokens: 150,
  rate: 25,
  jitter: 0.6,
  seed: 0,
};

const form = document.getElementById("settings");

/** What the form says, numbers as numbers. */
export function settings() {
  const fields = Object.fromEntries(new FormData(form));
  for (const name of ["interval", "tokens", "rate", "jitter", "seed"]) fields[name] = Number(fields[name]);
  return fields;
}

/** The question that `POST /streams` takes. */
export function question() {
  const { prompt, tokens, rate, jitter, seed } = settings();
  return { prompt, tokens, rate, jitter, seed, think: 0.4 };
}

/** Fills the form from the address. Values that it does not take are left out. */
export function readAddress() {
  const given = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(defaults)) {
    if (name === "view") continue;
    const field = form.elements[name];
    if (!field) continue; // no transport was there to choose from
    field.value = value;
    if (!given.has(name) || (typeof value === "number" && Number.isNaN(Number(given.get(name))))) continue;
    field.value = given.get(name);
    const isTaken = field instanceof RadioNodeList ? field.value === given.get(name) : field.checkValidity();
    if (!isTaken) field.value = value;
  }
  return given.get("view") ?? defaults.view;
}

/** The address that leads back here. */
export function address(view) {
  const given = new URLSearchParams({ view });
  for (const [name, value] of Object.entries(settings())) {
    if (String(value) !== String(defaults[name])) given.set(name, value);
  }
  return `${location.pathname}?${given}`;
}
