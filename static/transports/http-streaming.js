/** HTTP streaming: reads one response line by line, with fetch. Coming back is up to the page.
 * `answer` is { question, stream, epoch, next }, and kept up to date here, so that anybody can go on with it.
 * `on` is told of each token, of the end, of a wait before another try (in milliseconds), and of a failure.
 */
export function read(answer, on, { reader = "" } = {}) {
  const leaving = new AbortController();
  const { signal } = leaving;
  let failures = 0;

  function take(message) {
    if (signal.aborted) return;
    if (message.done) {
      leaving.abort();
      on.done(message.done.reason);
    } else if (message.token !== undefined) {
      failures = 0;
      answer.next = message.index + 1;
      on.token(message);
    }
  }

  async function listen() {
    const place = `from=${answer.next}&epoch=${answer.epoch}&reader=${reader}`;
    const response = await fetch(`/streams/${answer.stream}/lines?${place}`, { signal });
    if (!response.ok) return response;
    const body = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await body.read();
      if (done) return null;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.filter(Boolean)) take(JSON.parse(line));
    }
  }

  // A server that was started anew does not know the stream, but can give the rest of the answer.
  function askAnew() {
    const body = JSON.stringify({ ...answer.question, from: answer.next, epoch: answer.epoch });
    return fetch(`/streams?reader=${reader}`, { method: "POST", body, signal });
  }

  async function run() {
    const response = await (answer.stream ? listen() : askAnew()).catch(() => null);
    const reply = await response?.json().catch(() => null);
    if (signal.aborted) return;
    const status = reply ? response.status : 503; // no whole response is as passing a trouble as that
    const isPassing = status >= 500 || [404, 408, 429].includes(status);
    if (status !== 201 && !isPassing) return on.failed(reply.error);
    if (status === 404) answer.stream = null;
    if (status === 201) return run(Object.assign(answer, reply));
    // Exponential back-off with full jitter, unless the server names a time.
    const wait = 1000 * response?.headers.get("retry-after") || Math.random() * Math.min(8000, 250 * 2 ** failures++);
    on.waiting(wait);
    setTimeout(() => signal.aborted || run(), wait);
  }

  run();
  return { close: () => leaving.abort() };
}
export const about = { label: "Streamed fetch", needs: "TextDecoderStream", colours: ["#454b57", "#c3cad6"] };
