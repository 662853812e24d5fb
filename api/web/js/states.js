// The three states of anything that is read: loading, empty, failed. All visible, none silent.

import { Problem } from "./api.js";
import { el, replace } from "./dom.js";
import { t } from "./texts.js";

/** Say that something is being read. */
export function loading(node) {
  node.setAttribute("aria-busy", "true");
  replace(node, el("p", { className: "state state-loading", role: "status" }, t("loading")));
}

/** Nothing there, and what to do about it. */
export function empty(text, hint, action = null) {
  return el("div", { className: "state state-empty" }, el("p", {}, text), el("p", { className: "soft" }, hint), action);
}

/** What went wrong, in the service's own words, and a way to try again. */
export function failed(error, again) {
  if (!(error instanceof Problem)) console.error(error);
  const detail = error instanceof Problem && error.status === 0 ? t("no_answer") : error.message;
  return el(
    "div",
    { className: "state state-error", role: "alert" },
    el("p", {}, el("strong", {}, error.title || t("error"))),
    el("p", {}, detail),
    el("button", { type: "button", className: "plain", onclick: again }, t("retry")),
  );
}
