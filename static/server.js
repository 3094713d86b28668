/** What the page asks of the server beside the transports' own requests. */

/** Starts a stream. Rejects with a sentence for the reader of the page. */
async function ask(question) {
  const asked = performance.now();
  const reply = await request("/streams", { method: "POST", body: JSON.stringify(question) });
  return { question, asked, next: 0, ...reply };
}

/** Starts a stream for as long as it is wanted: one that comes too late is stopped again, and this resolves to null. */
export async function askWhile(isWanted, question) {
  let answer = null;
  try {
    answer = await ask(question);
  } catch (error) {
    if (isWanted()) throw error;
    return null;
  }
  if (isWanted()) return answer;
  stopGenerating(answer.stream);
  return null;
}

export function stopGenerating(stream) {
  return fetch(`/streams/${stream}`, { method: "DELETE" }).catch(() => {});
}

let rounds = 0;

/** When each token is meant to come, in milliseconds of this page's clock (`performance.now()`); null where tokens come as
 * they are made.
 */
export async function schedule(stream) {
  let [earliest, latest, offsets] = [-Infinity, Infinity, []];
  // The browser keeps a number of timings, and drops what comes when they are full.
  performance.clearResourceTimings();
  for (let round = 0; round < 3; round += 1) {
    const path = `/streams/${stream}/schedule?round=${(rounds += 1)}`;
    const before = performance.now();
    const reply = await request(path);
    const after = performance.now();
    if (reply.offsets === null) return null;
    const timing = performance.getEntriesByName(new URL(path, location.href).href)[0];
    // The server read its clock after the request had left and before the response came.
    const age = (reply.now - reply.started) / 1e6;
    earliest = Math.max(earliest, (timing?.requestStart || before) - age);
    latest = Math.min(latest, (timing?.responseStart || after) - age);
    offsets = reply.offsets;
  }
  const start = (earliest + latest) / 2;
  return offsets.map((offset) => start + offset / 1e6);
}

/** The names of the server's transports, after which their files here are called. */
export async function transportNames() {
  const names = await request("/transports");
  if (Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string")) return names;
  throw new Error("The server names no transports: something other than pushlab serve may answer at this address.");
}

/** Who gives the answers, in a few words; empty where nobody says. */
export async function sourceName() {
  const { name } = await request("/source").catch(() => ({}));
  return typeof name === "string" ? name : "";
}

/** The link before the server: the names to choose from, and the chosen one, null where there is none. */
export function network() {
  return request("/network").catch(() => ({ chosen: null, names: [] }));
}

export function chooseNetwork(name) {
  return request(`/network?name=${encodeURIComponent(name)}`, { method: "POST" });
}

/** Whether the server requires an access token, and lets its readers be cut. */
export function health() {
  return request("/healthz").catch(() => ({}));
}

export function giveFault(name, reader, seconds) {
  return fetch(`/faults/${name}?reader=${reader}&seconds=${seconds ?? 0}`, { method: "POST" }).catch(() => {});
}

/** What the server counted of one reader; null where it does not tell. */
export async function counts(tag) {
  const found = await request(`/readers?tag=${tag}`).catch(() => []);
  return found[0] ?? null;
}

/** The last bytes that the server wrote to one reader. */
export async function wire(reader) {
  const found = await request(`/faults/wire?reader=${reader}`).catch(() => []);
  return found[0]?.messages ?? [];
}

async function request(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Error("The server does not answer. Is pushlab serve still running?");
  }
  // What answers here need not be pushlab.
  const body = (await response.json().catch(() => null)) ?? {};
  if (!response.ok) throw new Error(`The server refused: ${body.error ?? response.status}.`);
  return body;
}
