/** The server's access token, where it requires one: shown with every request of this page, and kept by nobody else.
 *
 * Transports do without a word about it: EventSource and WebSocket cannot set fields, so all that goes to this
 * server is given the parameter.
 */
const dialog = document.getElementById("token");
const text = document.getElementById("token-text");
let token = "";

/** Asks for the token until it is the right one, or until somebody gives up. */
export async function askForToken() {
  showWithRequests();
  do {
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue === "") return;
    token = text.value;
    document.getElementById("token-wrong").hidden = false;
  } while ((await fetch("/metrics", { method: "HEAD" }).catch(() => null))?.status === 401);
}

function showWithRequests() {
  const shown = (path) => {
    const url = new URL(path, location.href);
    if (url.host === location.host) url.searchParams.set("token", token);
    return url.href;
  };
  const [ownFetch, OwnEventSource, OwnWebSocket] = [fetch.bind(window), EventSource, WebSocket];
  window.fetch = (path, init) => ownFetch(shown(path), init);
  window.EventSource = class extends OwnEventSource {
    constructor(path) { super(shown(path)); }
  };
  window.WebSocket = class extends OwnWebSocket {
    constructor(path) { super(shown(path)); }
  };
}
