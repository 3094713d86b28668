import { credentials } from "../token.js";

/** Asks, is held until there is a token, and asks again. */
export function read(stream, from, { token, done, failed }) {
  const abort = new AbortController();
  (async () => {
    let next = from;
    while (!abort.signal.aborted) {
      const options = { signal: abort.signal, headers: credentials() };
      const response = await fetch(`${stream}/long-poll?from=${next}`, options);
      const page = await response.json();
      if (!response.ok) throw new Error(page.error);
      page.tokens.forEach(token);
      next = page.next;
      if (page.done) return done(page.reason);
    }
  })().catch((error) => abort.signal.aborted || failed(error.message));
  return { close: () => abort.abort() };
}
