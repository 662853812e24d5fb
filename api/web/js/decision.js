// What a plan decides about an incident: the crew and why, or why nobody. Used by the incident and by the plan.

import { el } from "./dom.js";
import { distance, number } from "./format.js";
import { change } from "./state.js";
import { known, own, t } from "./texts.js";

/** The decision about an incident, in full. */
export function decision(detail) {
  if (detail.assignment) return assigned(detail.assignment);
  if (detail.left_out) return leftOut(detail.left_out);
  return el("p", { className: "soft" }, t("not_planned"));
}

/** The points of the priority's rules, added up. */
export const priority = (assignment) => scored(assignment).reduce((sum, rule) => sum + rule.points, 0);

/** Which rules fired with how many points, why the crew may go, and what it costs. */
export function reasons(assignment) {
  const allowed = assignment.fired.filter((rule) => rule.rule.startsWith("eligible-"));
  return el(
    "div",
    { className: "reasons" },
    el(
      "table",
      { className: "points" },
      el("caption", {}, t("priority_rules")),
      el(
        "tbody",
        {},
        scored(assignment).map((rule) => row(own(rule, "reason"), signed(rule.points))),
        row(t("total"), t("points", { points: number(priority(assignment), 1) }), "sum"),
      ),
    ),
    el(
      "table",
      { className: "points" },
      el("caption", {}, t("cost")),
      el(
        "tbody",
        {},
        Object.entries(assignment.cost).map(([name, amount]) => row(costName(assignment, name), number(amount, 2))),
        row(t("total"), number(Object.values(assignment.cost).reduce((sum, one) => sum + one, 0), 2), "sum"),
        row(t("worth"), number(assignment.value, 2)),
      ),
    ),
    allowed.length > 0 && el("div", { className: "allowed" }, el("h4", {}, t("may_do")), el("ul", {}, allowed.map((rule) => el("li", {}, own(rule, "reason"))))),
  );
}

/** The reason in words; another incident that it names by id can be opened. */
export function why(decided) {
  return own(decided, "why").split(/(incident:[0-9a-f]{20})/).map((piece, index) =>
    index % 2
      ? el("button", { type: "button", className: "link named", onclick: () => change({ tab: "map", incident: piece }) }, t("that_incident"))
      : piece,
  );
}

function assigned(assignment) {
  return el(
    "div",
    { className: "decision decision-sent" },
    el(
      "p",
      { className: "decision-head" },
      el("strong", {}, t("sent", { crew: own(assignment, "crew") })),
      el("span", { className: "soft" }, `${t("job_order", { order: assignment.sequence })} · ${distance(assignment.travel_metres)}`),
    ),
    el("p", {}, why(assignment)),
    reasons(assignment),
  );
}

function leftOut(left) {
  return el(
    "div",
    { className: "decision decision-left" },
    el(
      "p",
      { className: "decision-head" },
      el("strong", {}, `${t("left_out")}: ${known(`reason_${left.reason}`, left.reason)}`),
      el("span", { className: "soft" }, t("points", { points: number(left.priority, 1) })),
    ),
    el("p", {}, why(left)),
  );
}

/** Rules that made the priority; a soft rule's points are money, and stand among the costs. */
function scored(assignment) {
  return assignment.fired.filter((rule) => !rule.rule.startsWith("eligible-") && !(rule.rule in assignment.cost));
}

function costName(assignment, name) {
  const rule = assignment.fired.find((one) => one.rule === name);
  return rule ? own(rule, "reason") : known(`cost_${name}`, name);
}

function row(text, amount, className = "") {
  return el("tr", { className }, el("th", { scope: "row" }, text), el("td", {}, amount));
}

const signed = (points) => (points > 0 ? `+${number(points, 1)}` : number(points, 1).replace("-", "−"));
