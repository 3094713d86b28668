/** HTTP streaming: reads one response line by line, with fetch. Coming back is up to the page.
 * `answer` is { question, stream, epoch, next }, and kept up to date here, so that anybody can go on with it.
 * `on` is told of each token, of the end, of a wait before another try (in milliseconds), and of a failure.
 */
export function read(answer, on, { reader = "" } = {}) {
  const leaving = new AbortController();
  let failures = 0;

  function take(message) {
    if (message.done) {
      leaving.abort();
      on.done(message.done);
    } else if (message.token !== undefined) {
      failures = 0;
      answer.next = message.index + 1;
      on.token(message);
    }
  }

  async function takeAll(body) {
    for (let rest = ""; ; ) {
      // A line comes every 30 seconds at least, if only an empty one: whoever is silent for longer is gone.
      const silence = setTimeout(() => body.cancel(), 45_000);
      const { value, done } = await body.read().finally(() => clearTimeout(silence));
      if (done) return null;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.filter((line) => line.trim())) leaving.signal.aborted || take(JSON.parse(line));
    }
  }

  async function listen() {
    const place = `from=${answer.next}&epoch=${answer.epoch}&reader=${reader}`;
    const response = await fetch(`/streams/${answer.stream}/lines?${place}`, { signal: leaving.signal });
    if (!response.ok) return response;
    const body = response.body.pipeThrough(new TextDecoderStream()).getReader();
    return takeAll(body).finally(() => body.cancel());
  }

  // A server that was started anew does not know the stream, but can give the rest of the answer.
  const rest = () => JSON.stringify({ ...answer.question, from: answer.next, epoch: answer.epoch });
  const askAnew = () => fetch(`/streams?reader=${reader}`, { method: "POST", body: rest(), signal: leaving.signal });

  async function run() {
    const response = await (answer.stream ? listen() : askAnew()).catch(() => null);
    const reply = await response?.json().catch(() => null);
    if (leaving.signal.aborted) return;
    if (response?.status === 201 && reply) return run(Object.assign(answer, reply));
    const isPassing = !response || response.ok || response.status >= 500 || [404, 408, 429].includes(response.status);
    if (!isPassing) return on.failed(reply?.error ?? `the server answered ${response.status}`);
    if (response?.status === 404) answer.stream = null;
    // Exponential back-off with full jitter, unless the server names a time.
    const wait = 1000 * response?.headers.get("retry-after") || Math.random() * Math.min(8000, 250 * 2 ** failures++);
    on.waiting(wait);
    setTimeout(() => leaving.signal.aborted || run(), wait);
  }
  run();
  return { close: () => leaving.abort() };
}
export const about = { label: "Streamed fetch", needs: "TextDecoderStream", colours: ["#454b57", "#c3cad6"] };
