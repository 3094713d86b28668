/** Asks again for the rest, by index and epoch, whenever the response is cut off. */
export async function answer(server, question, accessToken, show) {
  const headers = { authorization: `Bearer ${accessToken}`, accept: "application/x-ndjson" };
  const place = {};
  let failures = 0;

  async function read() {
    const body = JSON.stringify({ ...question, ...place });
    const response = await fetch(`${server}/chat-stream`, { method: "POST", headers, body });
    if (response.status >= 500) throw new Error("not now");
    if (!response.ok) return Promise.reject({ final: new Error(`refused with ${response.status}`) });
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await text.read();
      if (done) throw new Error("the response ended before the answer did");
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.filter((line) => line.trim())) {
        const message = JSON.parse(line);
        if (message.done?.reason === "complete") return;
        if (message.done) throw { final: new Error(message.done.error ?? message.done.reason) };
        if (message.error) throw new Error(message.error);
        if (message.started) place.epoch = message.started.epoch;
        if (message.token === undefined) continue;
        failures = 0;
        place.from = message.index + 1;
        show(message.token);
      }
    }
  }

  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (error.final) throw error.final;
      const wait = Math.random() * Math.min(8000, 250 * 2 ** failures++);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
