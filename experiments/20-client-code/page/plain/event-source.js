/** EventSource can neither post nor send a header: the question goes ahead of it, and the access token into its address. */
export async function answer(server, question, accessToken, show) {
  const headers = { authorization: `Bearer ${accessToken}` };
  const asked = await fetch(`${server}/streams`, { method: "POST", headers, body: JSON.stringify(question) });
  if (!asked.ok) throw new Error(`refused with ${asked.status}`);
  const { stream } = await asked.json();
  return new Promise((resolve, reject) => {
    const source = new EventSource(`${server}/streams/${stream}/events?token=${encodeURIComponent(accessToken)}`);
    source.onmessage = (event) => show(JSON.parse(event.data).token);
    source.addEventListener("done", (event) => {
      source.close();
      const { reason, error } = JSON.parse(event.data);
      if (reason === "complete") resolve();
      else reject(new Error(error ?? reason));
    });
    source.onerror = () => source.readyState === EventSource.CLOSED && reject(new Error("the stream was closed"));
  });
}
