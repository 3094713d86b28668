/** Long polling without a thought of losses: the first request that fails is the last. */
export function read(answer, on, { reader = "" } = {}) {
  const leaving = new AbortController();
  const ask = async () => {
    const url = `/streams/${answer.stream}/long-poll?from=${answer.next}&reader=${reader}`;
    const response = await fetch(url, { signal: leaving.signal });
    const page = await response.json();
    page.tokens.forEach(on.token);
    answer.next = page.next;
    return page.done ? on.done(page) : ask();
  };
  ask().catch((error) => leaving.signal.aborted || on.failed(error.message));
  return { close: () => leaving.abort() };
}
