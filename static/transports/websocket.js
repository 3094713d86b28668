/** WebSocket: listens on a connection of its own. Coming back is up to the page.
 * `answer` is { question, stream, epoch, next }, and kept up to date here, so that anybody can go on with it.
 * `on` is told of each token, of the end, of a wait before another try (in milliseconds), and of a failure.
 */
export function read(answer, on, { reader = "" } = {}) {
  const leaving = new AbortController();
  let failures = 0;

  function listen() {
    const url = `/streams/${answer.stream}/socket?from=${answer.next}&epoch=${answer.epoch}&reader=${reader}`;
    const socket = new WebSocket(location.origin.replace("http", "ws") + url);
    leaving.signal.addEventListener("abort", () => socket.close());
    socket.onmessage = (event) => {
      if (leaving.signal.aborted) return;
      const message = JSON.parse(event.data);
      if (message.done) {
        leaving.abort();
        on.done(message.done);
      } else if (message.token !== undefined) {
        failures = 0;
        answer.next = message.index + 1;
        on.token(message);
      }
    };
    socket.onclose = (event) => {
      if (event.code === 4409) return on.failed(event.reason);
      if (event.code === 4404) answer.stream = null;
      comeBack();
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
    setTimeout(() => leaving.signal.aborted || start(), wait);
  }

  function start() {
    if (answer.stream) listen();
    else askAnew().catch(() => comeBack());
  }

  start();
  return { close: () => leaving.abort() };
}
export const about = { label: "WebSocket", needs: "WebSocket", colours: ["#005f99", "#68bdf2"] };
