/** Server-Sent Events without a thought of losses: the browser thinks of most of them. */
export function read(answer, on, { reader = "" } = {}) {
  const source = new EventSource(`/streams/${answer.stream}/events?from=${answer.next}&reader=${reader}`);
  source.onmessage = (event) => {
    const token = JSON.parse(event.data);
    answer.next = token.index + 1;
    on.token(token);
  };
  source.addEventListener("done", (event) => {
    source.close();
    on.done(JSON.parse(event.data));
  });
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) on.failed("the event stream was closed");
  };
  return source;
}
