import { credentials, setToken } from "./token.js";
import { read as shortPolling } from "./transports/short-polling.js";
import { read as longPolling } from "./transports/long-polling.js";
import { read as serverSentEvents } from "./transports/server-sent-events.js";
import { read as webSocket } from "./transports/websocket.js";

const transports = {
  "short-polling": shortPolling,
  "long-polling": longPolling,
  "server-sent-events": serverSentEvents,
  "websocket": webSocket,
};

const form = document.getElementById("ask");
const answer = document.getElementById("answer");
const status = document.getElementById("status");
const stop = document.getElementById("stop");
let current = null;

/** Lets go of whatever is being read; what it still sends is not shown. */
function leave() {
  current?.reading?.close();
  current = null;
}

/** Reads the current stream on from the next token, over the chosen transport. */
function read() {
  current.reading?.close();
  const mine = current;
  const name = form.elements.transport.value;
  status.textContent = `reading over ${name}`;
  mine.reading = transports[name](`/streams/${mine.stream}`, mine.next, {
    token({ index, token }) {
      if (mine !== current || index !== mine.next) return;
      mine.next += 1;
      answer.append(token);
    },
    done(reason) {
      if (mine !== current) return;
      status.textContent = `${reason}, ${mine.next} tokens`;
      stop.disabled = true;
      leave();
    },
    failed(why) {
      if (mine !== current) return;
      status.textContent = `${why}. Ask again to try once more.`;
      stop.disabled = true;
      leave();
    },
  });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  leave();
  answer.textContent = "";
  setToken(form.elements.token.value);
  try {
    const body = JSON.stringify({ prompt: form.elements.prompt.value });
    const response = await fetch("/streams", { method: "POST", body, headers: credentials() });
    const started = await response.json();
    if (response.status === 401) document.getElementById("token").hidden = false;
    if (!response.ok) throw new Error(started.error);
    current = { stream: started.stream, next: 0 };
    stop.disabled = false;
    read();
  } catch (error) {
    status.textContent = `The server could not be asked: ${error.message}`;
  }
});

form.addEventListener("change", (event) => {
  if (event.target.name === "transport" && current) read();
});

stop.addEventListener("click", () => {
  if (current) fetch(`/streams/${current.stream}`, { method: "DELETE", headers: credentials() });
});
