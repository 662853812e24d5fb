// The plan: which crews go where and in which order, what is left out, and why.

import { ask, part } from "./api.js";
import { categoryName, colour } from "./city.js";
import { priority, reasons, why } from "./decision.js";
import { el, replace } from "./dom.js";
import { distance, moment, number, percent } from "./format.js";
import { change, state } from "./state.js";
import { empty, failed, loading } from "./states.js";
import { own, t } from "./texts.js";

const REASONS = ["capacity", "no_shift", "no_area", "no_skill", "no_location", "not_worth"];
const node = document.getElementById("plan-view");
let asked = null;

/** Read and draw the plan that the address names, or the latest. */
export async function showPlan() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  loading(node);
  try {
    const [plans, files] = await Promise.all([ask("plans", {}, signal), ask("reports/allocation", {}, signal)]);
    const wanted = state.plan || plans[0]?.id;
    const plan = wanted ? await ask(`plans/${part(wanted)}`, {}, signal) : null;
    replace(node, plan ? [head(plan, plans), body(plan)] : empty(t("no_plans"), t("no_plans_hint")), reportFiles(files));
  } catch (error) {
    if (error.name === "AbortError") return;
    replace(node, failed(error, showPlan));
  }
  node.setAttribute("aria-busy", "false");
}

function head({ plan, assignments }, plans) {
  const crews = new Set(assignments.map((one) => one.crew)).size;
  const figures = [
    [number(plan.assignments), t("assigned")],
    [number(crews), t("crews_sent")],
    [number(plan.left_out), t("left_out_count")],
    [number(plan.objective), t("objective")],
    [plan.gap < 1e-6 ? t("optimal") : percent(plan.gap), t("gap")],
  ];
  return el(
    "header",
    { className: "plan-head" },
    el("h2", {}, t("plan"), el("span", { className: "soft" }, ` ${moment(plan.start)} – ${moment(plan.end)}`)),
    el("ul", { className: "figures" }, figures.map(([value, name]) => el("li", {}, el("b", {}, value), el("span", {}, name)))),
    el(
      "p",
      { className: "plan-facts soft" },
      choice(plan, plans),
      el("span", {}, `${t("rules")} ${plan.rules_version}`),
    ),
  );
}

function choice(plan, plans) {
  const known = plans.some((one) => one.id === plan.id) ? plans : [plan, ...plans];
  const select = el("select", { "aria-label": t("which_plan"), onchange: () => change({ plan: select.value === plans[0].id ? "" : select.value }) });
  for (const one of known) select.append(el("option", { value: one.id, selected: one.id === plan.id }, `${t("made_at")} ${moment(one.made_at)}`));
  return select;
}

function body(plan) {
  const crews = grouped(plan.assignments, (one) => one.crew);
  const sorted = [...crews.values()].sort((a, b) => total(b) - total(a));
  return el(
    "div",
    { className: "plan-columns" },
    el(
      "section",
      { "aria-label": t("crews") },
      el("h3", {}, t("crews")),
      el("p", { className: "soft" }, sorted.length ? t("crews_hint") : t("nothing_assigned")),
      sorted.map(crew),
    ),
    el("section", { "aria-label": t("left_list") }, el("h3", {}, t("left_list")), leftOut(plan.left_out)),
  );
}

function crew(jobs) {
  const ordered = [...jobs].sort((a, b) => a.sequence - b.sequence);
  return el(
    "article",
    { className: "crew", "data-crew": jobs[0].crew },
    el("h4", {}, own(jobs[0], "crew"), el("span", { className: "soft" }, t("jobs", { count: jobs.length }))),
    el("ol", {}, ordered.map(job)),
  );
}

function job(one) {
  return el(
    "li",
    { "data-incident": one.incident },
    title(one),
    el("p", { className: "job-why" }, why(one)),
    el(
      "details",
      {},
      el("summary", {}, t("why"), el("span", { className: "soft" }, ` ${t("points", { points: number(priority(one), 1) })} · ${distance(one.travel_metres)}`)),
      reasons(one),
    ),
  );
}

function leftOut(all) {
  if (!all.length) return el("p", { className: "soft" }, t("nothing_left"));
  const groups = grouped(all, (one) => one.reason);
  const order = [...REASONS, ...[...groups.keys()].filter((reason) => !REASONS.includes(reason))];
  return order.filter((reason) => groups.has(reason)).map((reason, index) =>
    el(
      "details",
      { className: "left-group", open: index === 0, "data-reason": reason },
      el("summary", {}, REASONS.includes(reason) ? t(`reason_${reason}`) : reason, el("span", { className: "soft" }, ` ${number(groups.get(reason).length)}`)),
      el("ul", {}, groups.get(reason).map((one) => el("li", {}, title(one), el("p", { className: "job-why" }, why(one))))),
    ),
  );
}

function title(one) {
  return el(
    "p",
    { className: "job-title" },
    el("i", { className: "dot", title: categoryName(one.incident_category), style: { "--colour": colour(one.incident_category) } }),
    el("button", { type: "button", className: "link", title: t("see_incident"), onclick: () => change({ tab: "map", incident: one.incident }) }, one.incident_title),
  );
}

function reportFiles(files) {
  const days = grouped(files, (file) => file.name.replace(/-(zh|en)\.(html|csv)$/, ""));
  const link = (file) => el("a", { href: file.url.replace(/^\//, ""), hrefLang: file.language }, `${t(`file_${file.language}`)} ${file.format.toUpperCase()}`);
  const rows = [...days.values()].slice(0, 10).map((group) => {
    const sorted = [...group].sort((a, b) => b.format.localeCompare(a.format) || b.language.localeCompare(a.language));
    return el("li", {}, el("span", { className: "soft" }, moment(group[0].made_at)), sorted.map(link));
  });
  return el(
    "section",
    { className: "files" },
    el("h3", {}, t("files")),
    rows.length ? el("ul", {}, rows) : el("p", { className: "soft" }, t("files_none")),
  );
}

const total = (jobs) => jobs.reduce((sum, one) => sum + one.value, 0);

function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
