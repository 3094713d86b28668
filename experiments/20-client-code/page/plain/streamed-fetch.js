/** What chat pages do: the question is posted, and its response is read as it comes. */
export async function answer(server, question, accessToken, show) {
  const headers = { authorization: `Bearer ${accessToken}`, accept: "application/x-ndjson" };
  const response = await fetch(`${server}/chat-stream`, { method: "POST", headers, body: JSON.stringify(question) });
  if (!response.ok) throw new Error(`refused with ${response.status}`);
  const body = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; ) {
    const { value, done } = await body.read();
    if (done) throw new Error("the response ended before the answer did");
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines.filter((line) => line.trim())) {
      const message = JSON.parse(line);
      if (message.done?.reason === "complete") return;
      if (message.done) throw new Error(message.done.error ?? message.done.reason);
      if (message.error) throw new Error(message.error);
      if (message.token !== undefined) show(message.token);
    }
  }
}
