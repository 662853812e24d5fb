// The panel of one incident: what it is, what the plan does about it, what people said, and what it is connected with.

import { ask, part } from "./api.js";
import { categoryName, colour, districtName } from "./city.js";
import { decision } from "./decision.js";
import { el, replace } from "./dom.js";
import { moment, number } from "./format.js";
import { graphAround } from "./graph.js";
import { reportCard } from "./report.js";
import { change, state } from "./state.js";
import { failed, loading } from "./states.js";
import { own, t } from "./texts.js";
import { wordsLegend } from "./words.js";

const node = document.getElementById("incident");
let asked = null;

/** Open, change or close the panel as the address says; focus: move the focus there. */
export async function showIncident(focus) {
  asked?.abort();
  const id = state.incident;
  node.hidden = !id;
  document.body.classList.toggle("has-incident", Boolean(id));
  if (!id) return replace(node);
  node.setAttribute("aria-label", t("incident"));
  asked = new AbortController();
  const { signal } = asked;
  const body = el("div", { className: "incident-body" });
  replace(node, bar(), body);
  loading(body);
  node.scrollTop = 0;
  if (focus) node.focus({ preventScroll: true });
  try {
    const detail = await ask(`incidents/${part(id)}`, {}, signal);
    replace(body, ...contents(detail));
  } catch (error) {
    if (error.name === "AbortError") return;
    replace(body, failed(error, () => showIncident(true)));
  }
  body.setAttribute("aria-busy", "false");
}

function bar() {
  const close = () => change({ incident: "" });
  return el(
    "div",
    { className: "incident-bar" },
    el("button", { type: "button", className: "plain", onclick: close }, `← ${t("back")}`),
    el("button", { type: "button", className: "plain close", "aria-label": t("close"), onclick: close }, "×"),
  );
}

function contents(detail) {
  const { incident: one, reports, joined } = detail;
  const placeName = own(detail, "place");
  const ways = new Map(joined.map((way) => [way.report, way]));
  return [
    el(
      "header",
      { className: "incident-head" },
      el(
        "p",
        { className: "kinds" },
        el("span", { className: "kind", style: { "--colour": colour(one.category) } }, categoryName(one.category)),
        el("span", { className: `urgency urgency-${one.urgency}` }, t(`urgency_${one.urgency}`)),
        el("span", { className: "soft" }, t(one.status === "closed" ? "status_closed" : "status_open")),
        reports.some((report) => report.abstained) && el("span", { className: "tag tag-warn" }, t("abstained")),
      ),
      el("h2", { lang: one.language }, one.title),
      facts(one, placeName),
    ),
    section("decision", decision(detail)),
    section("their_reports", [
      wordsLegend(reports),
      reports.map((report, index) => reportCard(report, ways.get(report.id), placeName, index === 0)),
    ], t("reports", { count: one.reports })),
    section("connections", graphAround(one.id)),
  ];
}

function facts(one, placeName) {
  const where = [placeName, districtName(one.district)].filter(Boolean).join(" · ") || t("no_place");
  const vague = one.location && !one.precise ? ` (${t("vague_place")})` : "";
  const rows = [
    [t("place"), where + vague],
    [t("since"), moment(one.opened_at)],
    one.reports > 1 && [t("last_seen"), moment(one.last_seen_at)],
    [t("heat_label"), number(one.heat, 1)],
  ];
  return el("dl", { className: "facts" }, rows.filter(Boolean).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function section(key, children, aside = "") {
  return el(
    "section",
    { className: key },
    el("h3", {}, t(key), aside && el("span", { className: "soft" }, ` ${aside}`)),
    children,
  );
}
