/** WebSocket without a thought of losses: once the connection is gone, so is the rest. */
export function read(answer, on, { reader = "" } = {}) {
  const url = `/streams/${answer.stream}/socket?from=${answer.next}&reader=${reader}`;
  const socket = new WebSocket(location.origin.replace("http", "ws") + url);
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.done) return on.done(message.done);
    answer.next = message.index + 1;
    on.token(message);
  };
  socket.onclose = (event) => {
    if (event.code !== 1000) on.failed("the connection was closed");
  };
  return {
    close() {
      socket.onclose = socket.onmessage = null;
      socket.close();
    },
  };
}
