/** Takes a submit of the form from the page's first moment on. One that comes before the transports are there, which
 * are asked for over the network, waits for them: without this the browser would load the page anew. */

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

/** Says what a submit does, which one that waits does now. */
export function onSubmit(act) {
  begin = act;
  if (isAwaited) begin();
}
