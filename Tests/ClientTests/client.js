// Node's own fetch, its http module on kept connections, and ws, with their defaults. `client.js STREAM QUESTION` says
// what came, status first, a blank line between the answers.
const http = require("node:http");
const WebSocket = require("ws");

const [stream, question] = process.argv.slice(2);
const server = stream.slice(0, stream.indexOf("/streams/"));
const agent = new http.Agent({ keepAlive: true });

const say = (text) => console.log(`${text.replaceAll("\n\n", "\n").trim()}\n`);

async function withFetch(address, init) {
  const response = await fetch(address, init);
  return `${response.status} ${await response.text()}`;
}

const withHTTP = (address) => new Promise((resolve, reject) => {
  http.get(address, { agent }, (response) => {
    let text = "";
    response.on("data", (part) => (text += part));
    response.on("end", () => resolve(`${response.statusCode} ${text}`));
    response.on("error", reject);
  }).on("error", reject);
});

const listen = (address) => new Promise((resolve, reject) => {
  const socket = new WebSocket(address);
  let text = "";
  socket.on("message", (part) => (text += part));
  socket.on("close", (code) => resolve(`101 ${code} ${text}`));
  socket.on("error", reject);
});

(async () => {
  for (const get of [withFetch, withHTTP]) {
    say(await get(`${stream}/poll?from=3`));
    say(await get(`${stream}/long-poll`));
    say(await get(`${stream}/events`));
  }
  say(await withFetch(`${server}/streams`, { method: "POST", body: question }));
  say(await listen(`${stream.replace("http:", "ws:")}/socket`));
  agent.destroy();
})();
