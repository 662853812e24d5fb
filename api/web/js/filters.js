// The filters: district, period, category; with the counts they lead to.

import { TOPS, city } from "./city.js";
import { categoryRows, timeChart } from "./charts.js";
import { el, replace } from "./dom.js";
import { dayOf } from "./format.js";
import { change, chosenCategories, state } from "./state.js";
import { own, t } from "./texts.js";

const PERIODS = ["7", "30", "60", "all"];
const node = document.getElementById("filters");

/** Draw the filters, with the counts where they are known (null: not yet). */
export function drawFilters(counts) {
  const focused = node.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  node.setAttribute("aria-label", t("filters"));
  replace(node, el("div", { className: "filter-line" }, districts(), periods()), categories(counts ?? []), over(counts));
  node.setAttribute("aria-busy", String(counts === null));
  if (focused) [...node.querySelectorAll("select, input")].find((one) => keyOf(one) === focused)?.focus();
}

/** The first and the last day of the period, city-local; `counts` give the first day of "all". */
export function daysOfPeriod(counts) {
  const until = dayOf(city.now);
  if (state.days !== "all") return { since: dayOf(sinceMoment()), until };
  const first = (counts ?? []).reduce((least, row) => (row.day < least ? row.day : least), until);
  return { since: counts ? first : "1990-01-01", until };
}

/** When the period begins, or null for all. */
export function sinceMoment() {
  return state.days === "all" ? null : new Date(city.now.getTime() - Number(state.days) * 86400000);
}

function districts() {
  const select = el("select", { onchange: () => change({ district: select.value }) });
  select.append(el("option", { value: "" }, t("all_districts")));
  for (const feature of city.districts) {
    select.append(el("option", { value: feature.id, selected: feature.id === state.district }, own(feature.properties, "name")));
  }
  return el("label", { className: "field" }, el("span", { className: "label" }, t("district")), select);
}

function periods() {
  const choices = PERIODS.map((days) => {
    const radio = el("input", { type: "radio", name: "period", value: days, checked: days === state.days });
    radio.addEventListener("change", () => change({ days }));
    return el("label", {}, radio, el("span", {}, days === "all" ? t("all_time") : days));
  });
  return el("fieldset", { className: "field periods" }, el("legend", { className: "label" }, t("period")), el("div", {}, choices));
}

function categories(counts) {
  const choose = (code, on) => {
    const chosen = chosenCategories() ?? new Set(TOPS);
    if (on) chosen.add(code);
    else if (chosen.size === TOPS.length) chosen.clear(), chosen.add(code); // the first choice: only this one
    else chosen.delete(code);
    change({ category: chosen.size === TOPS.length || !chosen.size ? "" : TOPS.filter((one) => chosen.has(one)).join(",") });
  };
  return el(
    "fieldset",
    { className: "categories" },
    el("legend", { className: "label" }, t("by_category"), el("span", { className: "soft" }, ` ${t("by_category_hint")}`)),
    categoryRows(counts, chosenCategories(), choose),
  );
}

function over(counts) {
  if (counts === null) return el("p", { className: "state state-loading", role: "status" }, t("loading"));
  const { since, until } = daysOfPeriod(counts);
  const chosen = chosenCategories();
  return timeChart(chosen ? counts.filter((row) => chosen.has(row.category.split(".", 1)[0])) : counts, since, until);
}

const keyOf = (one) => `${one.tagName}:${one.type}:${one.tagName === "SELECT" ? "" : one.value}`;
