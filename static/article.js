// The smallest chat: one EventSource a question, tokens as messages, `done` at the end, `error` for trouble.
const answer = document.getElementById("answer");
const state = document.getElementById("state");
let source = null;

document.getElementById("chat").addEventListener("submit", (event) => {
  event.preventDefault();
  source?.close();
  answer.textContent = "";
  state.textContent = "";
  source = new EventSource(`/chat-stream?prompt=${encodeURIComponent(event.target.message.value)}`);

  source.onmessage = (message) => {
    state.textContent = "";
    answer.append(JSON.parse(message.data).token);
  };

  source.addEventListener("done", () => {
    source.close();
    state.textContent = "Done.";
  });

  source.addEventListener("error", (trouble) => {
    // The server's own `error` event has data; the browser's, when the connection is lost, has none.
    if (trouble.data) {
      source.close();
      state.textContent = JSON.parse(trouble.data).error;
    } else if (source.readyState === EventSource.CONNECTING) {
      state.textContent = "The connection was lost. Reconnecting …";
    } else {
      state.textContent = "The connection was lost. Send again to try once more.";
    }
  });
});
