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
  const reading = {};
  mine.reading = reading;
  const isMine = () => mine === current && reading === mine.reading;
  Object.assign(reading, transports[name](mine.answer, {
    token({ index, token }) {
      if (!isMine() || index !== mine.shown) return;
      mine.shown += 1;
      answer.append(token);
    },
    waiting() {
      if (isMine()) status.textContent = "the connection is gone; trying again";
    },
    done(reason) {
      if (!isMine()) return;
      status.textContent = `${reason}, ${mine.shown} tokens`;
      stop.disabled = true;
      leave();
    },
    failed(why) {
      if (!isMine()) return;
      status.textContent = `${why}. Ask again to try once more.`;
      stop.disabled = true;
      leave();
    },
  }));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  leave();
  answer.textContent = "";
  try {
    const question = { prompt: form.elements.prompt.value };
    const body = JSON.stringify(question);
    const response = await fetch("/streams", { method: "POST", body });
    const started = await response.json();
    if (!response.ok) throw new Error(started.error);
    current = { answer: { question, next: 0, ...started }, shown: 0 };
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
  if (current) fetch(`/streams/${current.answer.stream}`, { method: "DELETE" });
});
