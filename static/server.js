/** What the page asks of the server beside the transports' own requests. */

/** Starts a stream. Rejects with a sentence for the reader of the page. */
export async function ask(question) {
  const reply = await request("/streams", { method: "POST", body: JSON.stringify(question) });
  return { question, next: 0, ...reply };
}

export function stopGenerating(stream) {
  return fetch(`/streams/${stream}`, { method: "DELETE" }).catch(() => {});
}

/** When each token is meant to come, in milliseconds of this page's clock (`performance.now()`). */
export async function schedule(stream) {
  let best = null;
  for (let round = 0; round < 3; round += 1) {
    const sent = performance.now();
    const { started, now, offsets } = await request(`/streams/${stream}/schedule`);
    const roundTrip = performance.now() - sent;
    // The server read its clock somewhere in the round trip; half of the shortest is the smallest doubt.
    const start = sent + roundTrip / 2 - (now - started) / 1e6;
    if (!best || roundTrip < best.roundTrip) best = { roundTrip, start, offsets };
  }
  return best.offsets.map((offset) => best.start + offset / 1e6);
}

/** Whether the server lets its readers be cut. */
export async function takesFaults() {
  const health = await request("/healthz").catch(() => ({}));
  return health.faults === true;
}

export function giveFault(name, reader, seconds) {
  return fetch(`/faults/${name}?reader=${reader}&seconds=${seconds ?? 0}`, { method: "POST" }).catch(() => {});
}

/** What the server counted of one reader; null where it does not tell. */
export async function counts(reader) {
  const [found] = await request(`/faults/readers?reader=${reader}`).catch(() => []);
  return found ?? null;
}

/** The last bytes that the server wrote to one reader. */
export async function wire(reader) {
  const [found] = await request(`/faults/wire?reader=${reader}`).catch(() => []);
  return found?.messages ?? [];
}

/** Bytes of bodies sent by transport, to all readers, from `/metrics`. */
export async function sentBytes() {
  const text = await fetch("/metrics").then((response) => response.text()).catch(() => "");
  const lines = text.matchAll(/^pushlab_sent_bytes_total\{transport="([^"]+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, transport, bytes]) => [transport, Number(bytes)]));
}

async function request(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Error("The server does not answer. Is pushlab serve still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(`The server said no: ${body.error ?? response.status}`);
  return body;
}
