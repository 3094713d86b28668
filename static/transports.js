/** The transports that the server speaks: their code, and what each file says `about` itself: its label, what a browser
 * needs for it, its colours on light and on dark ground, and whether it pauses between requests. */

import { transportNames } from "./server.js";
import { tell, tellForGood } from "./spoken.js";

let absence = "The code of no transport can be loaded.";
const names = await transportNames().catch((error) => {
  absence = error.message;
  return [];
});

const found = await Promise.all(
  names.map(async (name) => {
    const [resume, naive] = await Promise.all(
      ["transports", "naive"].map(async (folder) => {
        const path = `${folder}/${name}.js`;
        const { read, about } = await import(`./${path}`);
        return { path, read, about, source: null };
      }),
    ).catch(() => []);
    if (!resume) tell(`The code for ${name} cannot be loaded.`);
    return resume && { name, ...resume.about, resume, naive };
  }),
);

/** None where the server names none, or gives the code of none. */
export const transports = found.filter(Boolean);
if (transports.length === 0) tellForGood(`${absence} Reload the page to try again.`);

export const transportNamed = (name) => transports.find((transport) => transport.name === name);

/** The file's text, the very one that runs; null where the server does not give it. */
export async function source(code) {
  code.source ??= await fetch(code.path).then((response) => (response.ok ? response.text() : null)).catch(() => null);
  return code.source;
}

/** Lines of a source that read: neither empty, nor comment, nor what it says about itself to this page. */
export function lineCount(text) {
  const isCode = (line) => line.trim() && !isComment(line) && !line.startsWith("export const about");
  return text.split("\n").filter(isCode).length;
}

export const isComment = (line) => /^\s*(\/\/|\/?\*)/.test(line);
