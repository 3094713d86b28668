/** Short polling: asks every `interval` milliseconds what there is.
 *
 * `answer` is { question, stream, epoch, next }, and kept up to date here, so that anybody can go on with it.
 * `on` is told of each token, the end, a wait before another try (in ms), and a failure that no try mends.
 */
export function read(answer, on, { interval = 250, reader = "" } = {}) {
  const leaving = new AbortController();
  let failures = 0;

  async function request(path, init) {
    const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(10_000)]);
    const response = await fetch(`${path}reader=${reader}`, { ...init, signal });
    return { response, body: await response.json() };
  }

  const poll = () => request(`/streams/${answer.stream}/poll?from=${answer.next}&epoch=${answer.epoch}&`);

  // A server that was started anew does not know the stream, but can give the rest of the answer.
  function askAnew() {
    const body = JSON.stringify({ ...answer.question, from: answer.next, epoch: answer.epoch });
    return request("/streams?", { method: "POST", body });
  }

  const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

  /** Exponential back-off with full jitter, unless the server names a time. */
  function comeBack(response) {
    const asked = 1000 * response?.headers.get("retry-after");
    const wait = asked || Math.random() * Math.min(8000, 250 * 2 ** failures++);
    on.waiting(wait);
    return pause(wait);
  }

  async function run() {
    while (!leaving.signal.aborted) {
      const attempt = answer.stream ? poll() : askAnew();
      const { response, body } = await attempt.catch(() => ({}));
      const status = response?.status ?? 503; // no response at all is as passing a trouble as that
      if (leaving.signal.aborted) return;
      if (status === 200) {
        failures = 0;
        answer.next = body.next;
        body.tokens.forEach(on.token);
        if (body.done) return on.done(body);
        await pause(interval);
      } else if (status === 201) {
        Object.assign(answer, body);
      } else if (status >= 500 || [404, 408, 429].includes(status)) {
        if (status === 404) answer.stream = null;
        await comeBack(response);
      } else {
        return on.failed(body.error);
      }
    }
  }

  run();
  return { close: () => leaving.abort() };
}
export const about = { label: "Short polling", needs: "fetch", colours: ["#9a5300", "#f0a848"], pauses: true };
