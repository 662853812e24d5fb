// A button that opens a box, which is read when it is opened for the first time.

import { el, replace } from "./dom.js";
import { failed, loading } from "./states.js";

/** The button and its box. read: the box's contents, or an error with a way to try again. */
export function disclosure(label, className, read) {
  const box = el("div", { className: `opened ${className}`, hidden: true });
  const button = el("button", { type: "button", className: "plain small why", "aria-expanded": "false" }, label);
  button.addEventListener("click", () => {
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
    if (!box.hidden && !box.childElementCount) fill(box, read);
  });
  return [button, box];
}

/** Put what is read into the box. */
export async function fill(box, read) {
  loading(box);
  try {
    replace(box, await read());
  } catch (error) {
    replace(box, failed(error, () => fill(box, read)));
  }
  box.setAttribute("aria-busy", "false");
}
