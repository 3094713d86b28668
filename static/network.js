/** The choice of the link between this page and the server, where the server has one. */

import { make } from "./screen.js";
import { chooseNetwork, network } from "./server.js";
import { reply } from "./spoken.js";

const field = document.getElementById("network");
const choice = field.querySelector("select");

export async function showNetwork() {
  const { chosen, names } = await network();
  field.hidden = !chosen;
  if (!chosen) return;
  choice.replaceChildren(...names.map((name) => make("option", { selected: name === chosen }, name)));
  choice.addEventListener("change", change);
}

async function change() {
  try {
    const { chosen } = await chooseNetwork(choice.value);
    reply(`The network is ${chosen} now.`);
  } catch (error) {
    reply(error.message);
    choice.value = (await network()).chosen;
  }
}
