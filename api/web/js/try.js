// A text of the visitor's own: read by the same extraction as every report, and kept nowhere.

import { send } from "./api.js";
import { fill } from "./disclosure.js";
import { el, replace } from "./dom.js";
import { findings } from "./extraction.js";
import { state } from "./state.js";
import { t } from "./texts.js";

const node = document.getElementById("try-view");
let written = "";

/** Draw the box; what was written stays, and is read again in the language shown. */
export function showTry() {
  node.setAttribute("aria-label", t("tab_try"));
  const text = el("textarea", { id: "try-text", rows: 4, value: written, placeholder: t("try_hint"), oninput: () => (written = text.value) });
  const result = el("section", { className: "opened extraction try-result", "aria-live": "polite", hidden: true });
  const read = () => {
    if (!written.trim()) return text.focus();
    result.hidden = false;
    return fill(result, async () => findings(await send("extract", { text: written, draw: state.lang })));
  };
  const example = () => {
    text.value = written = t("try_hint");
    read();
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) read();
  });
  replace(
    node,
    el(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          read();
        },
      },
      el("label", { htmlFor: "try-text", className: "label" }, t("try_label")),
      text,
      el("div", { className: "try-line" }, el("button", { type: "submit", className: "plain try-read" }, t("try_read")), el("button", { type: "button", className: "plain", onclick: example }, t("try_example"))),
    ),
    result,
  );
  if (written.trim()) read();
}
