/**
 * One function for each transport, with the least code. It reads a stream from its beginning, at `address(resource)`, calls
 * `hear` when something has come and `fail` with a reason, and returns what closes the stream.
 */

export function eventSource(address, hear, fail) {
  const source = new EventSource(address("events"));
  source.onmessage = hear;
  source.onerror = () => fail("the event stream failed");
  return () => source.close();
}

export function streamedFetch(address, hear, fail) {
  return untilClosed(fail, async (signal) => {
    const response = await asked(address("lines"), signal);
    for await (const _ of response.body) hear();
  });
}

/** Each poll but the first is held until there is a token that the page does not have. */
export function longPolling(address, hear, fail) {
  return untilClosed(fail, async (signal) => {
    for (let page = { next: 0 }; !page.done; ) {
      const response = await asked(`${address("long-poll")}&from=${page.next}&wait=120`, signal);
      page = await response.json();
      if (page.tokens.length > 0) hear();
    }
  });
}

export function shortPolling(address, hear, fail) {
  return untilClosed(fail, async (signal) => {
    for (let page = { next: 0 }; !page.done; ) {
      const response = await asked(`${address("poll")}&from=${page.next}`, signal);
      page = await response.json();
      if (page.tokens.length > 0) hear();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  });
}

export function webSocket(address, hear, fail) {
  const socket = new WebSocket(address("socket").replace("http", "ws"));
  socket.onmessage = hear;
  socket.onclose = () => fail("the socket was closed");
  return () => {
    socket.onclose = null;
    socket.close();
  };
}

/** No stream: what a page asks for beside its streams, such as the next question, or to stop an answer. */
export function ordinaryFetch(address, hear, fail) {
  return untilClosed(fail, async (signal) => {
    await asked(address("schedule"), signal);
    hear();
  });
}

async function asked(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`refused with ${response.status}`);
  return response;
}

function untilClosed(fail, read) {
  const leaving = new AbortController();
  read(leaving.signal).catch((error) => leaving.signal.aborted || fail(error.message));
  return () => leaving.abort();
}
