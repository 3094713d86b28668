/** What the page shows of the transports before anything is asked: their choice, and their colours, which are
 * after Okabe and Ito and told apart by colour-blind people too. */

import { make } from "./screen.js";
import { transports } from "./transports.js";

const colours = (place) => transports.map((transport) => `--${transport.name}: ${transport.colours[place]};`).join(" ");

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :root { ${colours(0)} }
  @media (prefers-color-scheme: dark) { :root { ${colours(1)} } }
  ${transports.map(({ name }) => `[data-transport="${name}"] { --accent: var(--${name}); }`).join("\n")}
`);
document.adoptedStyleSheets.push(sheet);

document.getElementById("choice").append(
  ...transports.map(({ name, label }) =>
    make("label", { "data-transport": name }, make("input", { type: "radio", name: "transport", value: name }), make("span", {}, label)),
  ),
);
