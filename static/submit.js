/** Takes a submit of the form as soon as the page's code is here; until then its button is disabled, so that the browser
 * does not load the page anew. One that comes before the transports are there, which are asked for over the network,
 * waits for them. */

import { readAddress } from "./settings.js";

const form = document.getElementById("settings");
let begin = null;
let isAwaited = false;

readAddress();
document.getElementById("start").disabled = false;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (begin) begin();
  else isAwaited = true;
});

/** Says what a submit does, and does it for one that waits, where the view shown asks at all. */
export function onSubmit(act, asks) {
  begin = act;
  if (isAwaited && asks) begin();
}
