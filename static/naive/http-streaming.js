/** HTTP streaming without a thought of losses: once the response is cut off, so is the rest. */
export function read(answer, on, { reader = "" } = {}) {
  const leaving = new AbortController();
  const listen = async () => {
    const url = `/streams/${answer.stream}/lines?from=${answer.next}&reader=${reader}`;
    const response = await fetch(url, { signal: leaving.signal });
    const body = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await body.read();
      if (done) throw new Error("the response ended before the answer did");
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.filter((line) => line.trim())) {
        const message = JSON.parse(line);
        if (message.done) return on.done(message.done);
        if (message.error) throw new Error(message.error);
        answer.next = message.index + 1;
        on.token(message);
      }
    }
  };
  listen().catch((error) => leaving.signal.aborted || on.failed(error.message));
  return { close: () => leaving.abort() };
}
