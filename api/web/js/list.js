// The hottest incidents, as a list of buttons: all that the map shows can be reached by keyboard here.

import { categoryName, city, colour, districtName } from "./city.js";
import { el, replace } from "./dom.js";
import { ago, number } from "./format.js";
import { change, state } from "./state.js";
import { empty } from "./states.js";
import { t } from "./texts.js";

const AT_ONCE = 60;
const node = document.getElementById("list");

/** Draw the list of these incidents (GeoJSON features, hottest first). cut: there are more than were read. */
export function drawList(features, cut) {
  node.setAttribute("aria-busy", "false");
  node.setAttribute("aria-label", t("hottest"));
  const heading = el(
    "div",
    { className: "list-head" },
    el("h2", {}, t("hottest")),
    el("span", { className: "soft", id: "shown" }, t("shown", { count: number(features.length) })),
    features.length > 0 && el("span", { className: "soft heat-column" }, t("heat_column")),
  );
  if (!features.length) return replace(node, heading, nothing());
  const items = el("ol", { className: "incidents" });
  replace(node, heading, cut && el("p", { className: "soft cut" }, t("cut", { count: number(features.length) })), items);
  grow(items, features, 0);
}

/** Mark the incident that is open, here and nowhere else. */
export function markOpen() {
  for (const button of node.querySelectorAll("button[data-incident]")) {
    if (button.dataset.incident === state.incident) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

/** Put the focus on an incident's button, where it is in the list. */
export function focusIncident(id) {
  const button = [...node.querySelectorAll("button[data-incident]")].find((one) => one.dataset.incident === id);
  (button ?? node).focus({ preventScroll: !button });
}

function grow(items, features, from) {
  const upTo = Math.min(features.length, from + AT_ONCE);
  items.append(...features.slice(from, upTo).map(item));
  markOpen();
  const left = features.length - upTo;
  if (!left) return;
  const button = el("button", { type: "button", className: "plain" }, t("more", { count: number(Math.min(left, AT_ONCE)) }));
  const last = el("li", { className: "more" }, button);
  button.addEventListener("click", () => {
    last.remove();
    grow(items, features, upTo);
    items.children[upTo].querySelector("button").focus();
  });
  items.append(last);
}

function item({ id, properties: one, geometry }) {
  const where = geometry ? districtName(one.district) || t("no_district") : t("no_place");
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", "data-incident": id, "data-category": one.category, onclick: () => change({ incident: id }) },
      el("span", { className: "dot", style: { "--colour": colour(one.category) } }),
      el("span", { className: "title", lang: one.language }, one.title),
      el(
        "span",
        { className: "meta" },
        el("span", {}, categoryName(one.category)),
        el("span", {}, where),
        el("span", {}, t("reports", { count: one.reports })),
        el("span", {}, ago(one.last_seen_at, city.now)),
      ),
      el("span", { className: "heat", title: t("heat", { heat: number(one.heat, 1) }) }, number(one.heat, 1)),
    ),
  );
}

function nothing() {
  if (!city.health.reports) return empty(t("empty_city"), t("empty_city_hint"));
  const widen = () => change({ days: "all", district: "", category: "" });
  return empty(t("empty"), t("empty_hint"), el("button", { type: "button", className: "plain", onclick: widen }, t("widen")));
}
