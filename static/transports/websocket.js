import { parameter } from "../token.js";

/** Listens on a connection of its own. */
export function read(stream, from, { token, done, failed }) {
  const url = new URL(`${stream}/socket?from=${from}${parameter()}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.done) done(message.done.reason);
    else token(message);
  };
  socket.onclose = (event) => {
    if (event.code !== 1000) failed("The WebSocket was closed");
  };
  return {
    close() {
      socket.onclose = null;
      socket.close();
    },
  };
}
