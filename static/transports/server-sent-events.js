import { parameter } from "../token.js";

/** Listens; the browser reconnects and resumes by itself. */
export function read(stream, from, { token, done, failed }) {
  const source = new EventSource(`${stream}/events?from=${from}${parameter()}`);
  source.onmessage = (event) => token(JSON.parse(event.data));
  source.addEventListener("done", (event) => {
    source.close();
    done(JSON.parse(event.data).reason);
  });
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) failed("The event stream cannot be read");
  };
  return source;
}
