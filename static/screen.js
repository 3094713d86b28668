/** When to draw: with the screen, or twice a second for whoever wants less motion. */

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Makes a function that has `draw` called soon, once for any number of calls. */
export function soon(draw) {
  let isDue = false;
  const run = () => {
    isDue = false;
    draw();
  };
  return () => {
    if (isDue) return;
    isDue = true;
    if (calm.matches) setTimeout(run, 500);
    else requestAnimationFrame(run);
  };
}

/** Makes an element. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}
