/** Opens another socket whenever one is closed, and asks for the rest, by index and epoch. */
export function answer(server, question, accessToken, show) {
  const place = {};
  let failures = 0;
  return new Promise((resolve, reject) => {
    let isOver = false;
    function end(settle, value) {
      isOver = true;
      settle(value);
    }
    function open() {
      const address = (server || location.origin).replace("http", "ws");
      const socket = new WebSocket(`${address}/chat-socket?token=${encodeURIComponent(accessToken)}`);
      socket.onopen = () => socket.send(JSON.stringify({ ...question, ...place }));
      socket.onmessage = (event) => {
        const message = JSON.parse(event.data);
        if (message.started) place.epoch = message.started.epoch;
        if (message.error) end(reject, new Error(message.error));
        if (message.done?.reason === "complete") end(resolve);
        else if (message.done) end(reject, new Error(message.done.error ?? message.done.reason));
        if (message.token === undefined) return;
        failures = 0;
        place.from = message.index + 1;
        show(message.token);
      };
      // A handshake that was refused looks like a network that is down.
      socket.onclose = () => {
        if (failures === 8) end(reject, new Error("the socket was closed"));
        if (!isOver) setTimeout(open, Math.random() * Math.min(8000, 250 * 2 ** failures++));
      };
    }
    open();
  });
}
