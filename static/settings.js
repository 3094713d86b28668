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

const given = () => new URLSearchParams(location.search);

/** The view that the address names. */
export const viewInAddress = () => given().get("view") ?? defaults.view;

/** Fills fields of the form from the address. Values that they do not take are left out. */
export function readAddress(names = Object.keys(defaults).filter((name) => name !== "view")) {
  for (const name of names) {
    const value = given().get(name);
    const isOfItsKind = typeof defaults[name] !== "number" || !Number.isNaN(Number(value));
    if (value === null || !isOfItsKind || !put(name, value)) put(name, defaults[name]);
  }
}

/** Whether the field takes the value. Where several are to be chosen from, one always is. */
function put(name, value) {
  const fields = [...form.querySelectorAll(`[name="${name}"]`)];
  if (fields[0]?.type === "radio") {
    const chosen = fields.find((field) => field.value === value);
    (chosen ?? fields[0]).checked = true;
    return Boolean(chosen);
  }
  for (const field of fields) field.value = value;
  return fields.every((field) => field.checkValidity());
}

/** The address that leads back here. */
export function address(view) {
  const given = new URLSearchParams({ view });
  for (const [name, value] of Object.entries(settings())) {
    if (String(value) !== String(defaults[name])) given.set(name, value);
  }
  return `${location.pathname}?${given}`;
}
