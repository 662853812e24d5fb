// Two small charts of report counts: by category (also the filter and the legend) and by day.

import { COLOURS, TOPS, categoryName, top } from "./city.js";
import { el, svg } from "./dom.js";
import { day, number } from "./format.js";
import { t } from "./texts.js";

const WIDTH = 300;
const HEIGHT = 46;
const BARS = 62; // more days than that are drawn as weeks, more weeks as months

/** A row a top category: a checkbox with its colour, name, bar and count. `chosen`: a set of codes, or null for all. */
export function categoryRows(counts, chosen, choose) {
  const sums = Object.fromEntries(TOPS.map((code) => [code, 0]));
  for (const row of counts) sums[top(row.category)] += row.reports;
  const most = Math.max(1, ...Object.values(sums));
  return TOPS.map((code) => {
    const box = el("input", { type: "checkbox", checked: !chosen || chosen.has(code), value: code });
    box.addEventListener("change", () => choose(code, box.checked));
    return el(
      "label",
      { className: "category-row", "data-category": code, style: { "--colour": COLOURS[code] } },
      box,
      el("span", { className: "category-name" }, categoryName(code)),
      el("span", { className: "bar", "aria-hidden": "true" }, el("span", { style: { width: `${(100 * sums[code]) / most}%` } })),
      el("span", { className: "count" }, number(sums[code])),
    );
  });
}

/** Stacked bars over time from `since` to `until` (YYYY-MM-DD, inclusive); days, weeks or months by the length. */
export function timeChart(counts, since, until) {
  const step = [1, 7, 30].find((days) => (daysBetween(since, until) + 1) / days <= BARS) ?? 30;
  const bars = new Array(Math.floor(daysBetween(since, until) / step) + 1).fill(null).map(() => ({ total: 0 }));
  for (const row of counts) {
    const bar = bars[Math.floor(daysBetween(since, row.day) / step)];
    if (!bar) continue;
    bar[top(row.category)] = (bar[top(row.category)] ?? 0) + row.reports;
    bar.total += row.reports;
  }
  const most = Math.max(...bars.map((bar) => bar.total));
  const width = WIDTH / bars.length;
  const title = t(step === 1 ? "by_day" : step === 7 ? "by_week" : "by_month");
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": title });
  bars.forEach((bar, index) => {
    let y = HEIGHT;
    const label = t("day_total", { day: day(later(since, index * step)), count: number(bar.total) });
    const group = svg("g", {}, svg("title", {}, label));
    group.append(svg("rect", { x: index * width, y: 0, width, height: HEIGHT, fill: "transparent" }));
    for (const code of TOPS) {
      const height = (HEIGHT * (bar[code] ?? 0)) / most;
      if (!height) continue;
      y -= height;
      const inner = Math.max(width - Math.min(1.5, width / 4), 0.4);
      group.append(svg("rect", { x: index * width, y, width: inner, height, fill: COLOURS[code] }));
    }
    drawing.append(group);
  });
  const short = { month: "short", day: "numeric", ...(step === 1 ? {} : { year: "numeric" }) };
  return el(
    "figure",
    { className: "time-chart" },
    el("figcaption", {}, el("span", {}, title), el("span", { className: "soft" }, t("busiest", { count: number(most) }))),
    drawing,
    el("p", { className: "axis", "aria-hidden": "true" }, el("span", {}, day(since, short)), el("span", {}, day(until, short))),
  );
}

const daysBetween = (first, second) => Math.round((Date.parse(second) - Date.parse(first)) / 86400000);
const later = (first, days) => new Date(Date.parse(first) + days * 86400000).toISOString().slice(0, 10);
