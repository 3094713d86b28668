/** Asks, is held until there is a token, and asks again. */
export function read(stream, from, { token, done, failed }) {
  const abort = new AbortController();
  (async () => {
    let next = from;
    while (!abort.signal.aborted) {
      const response = await fetch(`${stream}/long-poll?from=${next}`, { signal: abort.signal });
      const page = await response.json();
      if (!response.ok) throw new Error(page.error);
      page.tokens.forEach(token);
      next = page.next;
      if (page.done) return done(page.reason);
    }
  })().catch((error) => abort.signal.aborted || failed(error.message));
  return { close: () => abort.abort() };
}
