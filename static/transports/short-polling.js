import { credentials } from "../token.js";

/** Asks every `interval` milliseconds. */
export function read(stream, from, { token, done, failed }, interval = 250) {
  const abort = new AbortController();
  (async () => {
    let next = from;
    while (!abort.signal.aborted) {
      const options = { signal: abort.signal, headers: credentials() };
      const response = await fetch(`${stream}/poll?from=${next}`, options);
      const page = await response.json();
      if (!response.ok) throw new Error(page.error);
      page.tokens.forEach(token);
      next = page.next;
      if (page.done) return done(page.reason);
      await new Promise((resume) => setTimeout(resume, interval));
    }
  })().catch((error) => abort.signal.aborted || failed(error.message));
  return { close: () => abort.abort() };
}
