/** A WebSocket's handshake is a GET without headers of the page's own: the access token goes into the address. */
export function answer(server, question, accessToken, show) {
  return new Promise((resolve, reject) => {
    const address = (server || location.origin).replace("http", "ws");
    const socket = new WebSocket(`${address}/chat-socket?token=${encodeURIComponent(accessToken)}`);
    socket.onopen = () => socket.send(JSON.stringify(question));
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.token !== undefined) show(message.token);
      if (message.error) reject(new Error(message.error));
      if (message.done?.reason === "complete") resolve();
      else if (message.done) reject(new Error(message.done.error ?? message.done.reason));
    };
    socket.onclose = () => reject(new Error("the socket was closed"));
  });
}
