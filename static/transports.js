/** The four transports: their names, their code, and what a browser needs for them. */

const list = [
  { name: "short-polling", label: "Short polling", needs: "fetch" },
  { name: "long-polling", label: "Long polling", needs: "fetch" },
  { name: "server-sent-events", label: "Event stream", needs: "EventSource" },
  { name: "websocket", label: "WebSocket", needs: "WebSocket" },
];

export const transports = await Promise.all(
  list.map(async (transport) => {
    const [resume, naive] = await Promise.all(
      ["transports", "naive"].map(async (folder) => {
        const path = `${folder}/${transport.name}.js`;
        const { read } = await import(`./${path}`);
        return { path, read, source: null };
      }),
    );
    return { ...transport, resume, naive };
  }),
);

export const transportNamed = (name) => transports.find((transport) => transport.name === name);

/** The file's text, the very one that runs; null where the server does not give it. */
export async function source(code) {
  code.source ??= await fetch(code.path).then((response) => (response.ok ? response.text() : null)).catch(() => null);
  return code.source;
}

/** Lines of a source that are neither empty nor comment. */
export function lineCount(text) {
  return text.split("\n").filter((line) => line.trim() && !isComment(line)).length;
}

export const isComment = (line) => /^\s*(\/\/|\/?\*)/.test(line);
