/** Short polling without a thought of losses: asks on a timer, whether or not the last answer has come. */
export function read(answer, on, { interval = 250, reader = "" } = {}) {
  let isClosed = false;
  const timer = setInterval(async () => {
    try {
      const response = await fetch(`/streams/${answer.stream}/poll?from=${answer.next}&reader=${reader}`);
      const page = await response.json();
      if (isClosed) return;
      page.tokens.forEach(on.token);
      answer.next = page.next;
      if (!page.done) return;
      clearInterval(timer);
      on.done(page);
    } catch (error) {
      clearInterval(timer);
      on.failed(error.message);
    }
  }, interval);
  return {
    close() {
      isClosed = true;
      clearInterval(timer);
    },
  };
}
