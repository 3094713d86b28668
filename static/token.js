/** The server's token, where it wants one. It is kept by this page alone, and gone with it. */
let token = "";

export function setToken(text) {
  token = text;
}

/** The header fields that show it. */
export function credentials() {
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** What a URL ends with that shows it, for EventSource and WebSocket, which cannot set fields. */
export function parameter() {
  return token ? `&token=${encodeURIComponent(token)}` : "";
}
