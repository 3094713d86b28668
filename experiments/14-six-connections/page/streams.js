import * as ways from "./ways.js";

const page = crypto.randomUUID();

/** What this page has opened, each with a promise of how it went: `open` once anything has come, or `failed`. */
export const streams = [];

/** Opens one more over the way, of the stream with this name, at the page's own host or another. Its place among them. */
export function open(way, name, server = location.origin) {
  const stream = { way, heard: 0, state: "waiting", reason: "" };
  const place = streams.push(stream) - 1;
  stream.settled = new Promise((resolve) => {
    const settle = (state, reason = "") => {
      if (stream.state === "closed") return;
      Object.assign(stream, { state, reason });
      stream.onchange?.();
      resolve(state);
    };
    const hear = () => {
      stream.heard += 1;
      if (stream.state === "waiting") settle("open");
    };
    const address = (resource) => `${server}/streams/${name}/${resource}?reader=${page}-${place}`;
    stream.leave = ways[way](address, hear, (reason) => settle("failed", reason));
  });
  return place;
}

export function close(place) {
  const stream = streams[place];
  stream.state = "closed";
  stream.leave();
  stream.onchange?.();
}

/** How it stands once it is decided, or after so many milliseconds. */
export function settled(place, milliseconds) {
  const patience = new Promise((resolve) => setTimeout(resolve, milliseconds));
  return Promise.race([streams[place].settled, patience]).then(() => streams[place].state);
}
