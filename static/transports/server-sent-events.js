/** Server-Sent Events: listens. The browser comes back by itself, with the ID of the last event it saw.
 *
 * `answer` is { question, stream, epoch, next }, and kept up to date here, so that anybody can go on with it.
 * `on` is told of each token, the end, a wait before another try (in ms, where it is ours), and a final failure.
 */
export function read(answer, on, { reader = "" } = {}) {
  const leaving = new AbortController();
  let source = null;
  let failures = 0;

  function listen() {
    const place = `from=${answer.next}&epoch=${answer.epoch}&reader=${reader}`;
    source = new EventSource(`/streams/${answer.stream}/events?${place}`);
    source.onmessage = (event) => {
      const token = JSON.parse(event.data);
      failures = 0;
      answer.next = token.index + 1;
      on.token(token);
    };
    source.addEventListener("done", (event) => {
      close();
      on.done(JSON.parse(event.data));
    });
    source.onerror = () => {
      // The browser gives up after any response that is not an event stream, and does not say which it was.
      if (source.readyState === EventSource.CLOSED) comeBack();
      else on.waiting();
    };
  }

  // A server that was started anew does not know the stream, but can give the rest of the answer.
  async function askAnew() {
    const body = JSON.stringify({ ...answer.question, from: answer.next, epoch: answer.epoch });
    const init = { method: "POST", body, signal: leaving.signal };
    const response = await fetch(`/streams?reader=${reader}`, init);
    const reply = await response.json();
    if (response.ok) listen(Object.assign(answer, reply));
    else if (response.status >= 500 || [408, 429].includes(response.status)) comeBack(response);
    else on.failed(reply.error);
  }

  /** Exponential back-off with full jitter, unless the server names a time. */
  function comeBack(response) {
    if (leaving.signal.aborted) return;
    const asked = 1000 * response?.headers.get("retry-after");
    const wait = asked || Math.random() * Math.min(8000, 250 * 2 ** failures++);
    on.waiting(wait);
    setTimeout(() => askAnew().catch(() => comeBack()), wait);
  }

  function close() {
    leaving.abort();
    source?.close();
  }

  if (answer.stream) listen();
  else askAnew().catch(() => comeBack());
  return { close };
}
export const about = { label: "Event stream", needs: "EventSource", colours: ["#006b4a", "#3fcf9d"] };
