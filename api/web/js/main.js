// The page: starts everything, and redraws what a change of the state touches.

import { askCounts, askFeatures } from "./api.js";
import { city, loadCity, top } from "./city.js";
import { el, replace } from "./dom.js";
import { daysOfPeriod, drawFilters, sinceMoment } from "./filters.js";
import { moment } from "./format.js";
import { showIncident } from "./incident.js";
import { drawList, focusIncident, markOpen } from "./list.js";
import { drawIncidents, drawWords, fit, markOnMap, startMap } from "./map.js";
import { showPlan } from "./plan.js";
import { showProposal, showProposals } from "./proposals.js";
import { change, chosenCategories, onChange, startState, state } from "./state.js";
import { failed, loading } from "./states.js";
import { own, t } from "./texts.js";
import { showTry } from "./try.js";

const MOST = 2000; // incidents read at most; the list says so where there are more
const list = document.getElementById("list");
let shown = { features: [], cut: false, counts: [] };
let asked = null;

startState();
drawFrame();
onChange(redraw);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.incident) change({ incident: "" });
});
await start();

async function start() {
  loading(list);
  try {
    await loadCity();
  } catch (error) {
    list.setAttribute("aria-busy", "false");
    return replace(list, failed(error, start));
  }
  startMap();
  drawFrame();
  drawWords();
  drawTab();
  showIncident(false);
  await readIncidents();
}

async function readIncidents() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  drawFilters(null);
  loading(list);
  const district = state.district || null;
  const { since, until } = daysOfPeriod(null);
  const from = sinceMoment();
  try {
    const period = { since: from && from.toISOString(), until: from && city.now.toISOString() };
    const [incidents, counts] = await Promise.all([
      askFeatures("incidents.geojson", { district, ...period }, MOST, signal),
      askCounts({ area: district, since, until }, signal),
    ]);
    shown = { ...incidents, counts };
  } catch (error) {
    if (error.name === "AbortError") return;
    shown = { features: [], cut: false, counts: [] };
    drawFilters([]);
    drawIncidents([]);
    list.setAttribute("aria-busy", "false");
    return replace(list, failed(error, readIncidents));
  }
  drawSelection();
  fit();
  markOnMap();
}

/** Draw what was read, less the categories that are not chosen. */
function drawSelection() {
  const chosen = chosenCategories();
  const features = shown.features.filter((one) => !chosen || chosen.has(top(one.properties.category)));
  drawFilters(shown.counts);
  drawIncidents(features);
  drawList(features, shown.cut);
  document.getElementById("spoken").textContent = t("shown", { count: features.length });
}

function redraw(changed) {
  if (changed.has("lang")) {
    drawFrame();
    if (city.health) drawWords();
  }
  if (!city.health) return;
  if (changed.has("tab") || changed.has("lang")) drawTab();
  else if (changed.has("plan")) showPlan();
  else if (changed.has("stage")) showProposals();
  else if (changed.has("proposal")) showProposal();
  if (changed.has("days") || changed.has("district")) readIncidents();
  else if (changed.has("category") || changed.has("lang")) drawSelection();
  if (changed.has("incident") || changed.has("lang")) {
    const before = document.querySelector("button[data-incident][aria-current]")?.dataset.incident;
    markOpen();
    showIncident(changed.has("incident"));
    markOnMap();
    if (changed.has("incident") && !state.incident && before) focusIncident(before);
  }
}

/** Everything around the content: names, tabs, language, notices. */
function drawFrame() {
  document.documentElement.lang = state.lang;
  const name = city.health ? own(city.health, "city") : "";
  document.title = [name, "citygraph"].filter(Boolean).join(" · ");
  replace(document.getElementById("city"), el("span", { className: "brand" }, "citygraph"), name && el("span", {}, name));
  const skip = document.getElementById("skip");
  skip.textContent = t("skip");
  skip.onclick = (event) => {
    event.preventDefault();
    list.focus();
  };
  const clock = document.getElementById("clock");
  clock.hidden = !city.health;
  if (city.health) clock.textContent = t(city.health.replay ? "replay" : "clock", { time: moment(city.health.clock) });
  const notice = document.getElementById("notice");
  notice.hidden = !city.synthetic;
  notice.textContent = t("synthetic");
  drawSwitches();
}

function drawSwitches() {
  const tabs = document.getElementById("tabs");
  const focused = document.activeElement?.dataset?.choice;
  tabs.setAttribute("aria-label", t("tabs"));
  replace(tabs, ["map", "plan", "places", "try"].map((tab) => choice(t(`tab_${tab}`), state.tab === tab, "page", { tab })));
  const language = document.getElementById("language");
  language.setAttribute("role", "group");
  language.setAttribute("aria-label", t("language"));
  const names = [["zh", "中文"], ["en", "English"]];
  replace(language, names.map(([lang, name]) => choice(name, state.lang === lang, "true", { lang }, lang)));
  if (focused) document.querySelector(`[data-choice="${focused}"]`)?.focus();
}

function choice(text, current, word, fields, lang = null) {
  const key = Object.values(fields)[0];
  return el("button", { type: "button", lang, "data-choice": key, "aria-current": current ? word : null, onclick: () => change(fields) }, text);
}

function drawTab() {
  drawSwitches();
  document.getElementById("map-view").hidden = state.tab !== "map";
  document.getElementById("plan-view").hidden = state.tab !== "plan";
  document.getElementById("places-view").hidden = state.tab !== "places";
  document.getElementById("try-view").hidden = state.tab !== "try";
  if (state.tab === "plan") showPlan();
  if (state.tab === "places") showProposals();
  if (state.tab === "try") showTry();
}
