// What was read in a text: its words, how they hang together, when it was, and which places were considered.

import { ask, part } from "./api.js";
import { disclosure } from "./disclosure.js";
import { el } from "./dom.js";
import { percent, repeated, span } from "./format.js";
import { state } from "./state.js";
import { known, own, t } from "./texts.js";

const SHOWN = 4; // candidates of a place
const STEP = 0.005; // smaller steps of a score would be shown as nothing

/** A button, and below it what was read in a report when it was taken in. */
export function extraction(report) {
  return disclosure(t("what_read"), "extraction", async () => {
    return findings(await ask(`reports/${part(report.id)}/extraction`, { language: state.lang }));
  });
}

/** All that was read in a text, as the service answers it, with its drawing. */
export function findings(said) {
  const places = said.places.length > 0 && [
    el("h4", {}, t("read_places")),
    el("p", { className: "reason soft" }, t("read_places_hint")),
    el("ul", { className: "places" }, said.places.map((place) => considered(place, said))),
  ];
  return [
    el("h4", {}, t("read_words")),
    said.mentions.length ? drawn(said.drawing.spans, "drawing", said.language) : el("p", { className: "reason soft" }, t("read_nothing")),
    said.drawing.arrows && [el("h4", {}, t("read_links")), drawn(said.drawing.arrows, "drawing arrows-frame", said.language)],
    facts(said),
    places,
  ];
}

/** displaCy's markup as elements. Parsed apart, where nothing is run or fetched; what people wrote is escaped in it already. */
function drawn(markup, className, language) {
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  return el("div", { className, lang: language }, [...parsed.body.childNodes].map((node) => document.importNode(node, true)));
}

function facts({ location, party, times, masked }) {
  const rows = [
    party.length > 0 && [t("read_party"), party.map((one) => sure(one.name, one.confidence)).join(", ")],
    times.length > 0 && [t("read_times"), times.map((one) => el("p", {}, when(one)))],
    [t("read_location"), placed(location)],
    masked.hidden > 0 && [t("read_masked"), masked.text],
  ];
  return el("dl", { className: "facts" }, rows.filter(Boolean).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function when({ text, start, end, recurrence, confidence }) {
  const told = [span(start, end), recurrence && repeated(recurrence)].filter(Boolean).join(" · ");
  return [el("q", {}, text), " ", sure(told, confidence)];
}

function placed({ area, district, method, confidence, contradicted }) {
  if (!area && method === "none") return t("method_none");
  const where = [...new Set([district, area].filter(Boolean).map((one) => own(one, "name")))].join(" · ");
  const how = known(`method_${method}`, t("method_none"));
  return [
    sure(where ? `${where} · ${how}` : how, confidence),
    contradicted && el("p", { className: "tag-warn warning" }, t("contradicted", { area: own(contradicted, "name") })),
  ];
}

function considered({ mention, text, chosen, score, considered: candidates }, { language }) {
  const nothing = candidates.length ? t("place_open") : t("place_unknown");
  const left = candidates.length - SHOWN;
  return el(
    "li",
    {},
    el(
      "p",
      { className: "place-head" },
      mention === null && el("span", { className: "soft" }, `${t("address_field")} `),
      el("q", { lang: language }, text),
      " → ",
      chosen ? el("b", {}, own(chosen, "name")) : el("span", { className: "undecided" }, nothing),
    ),
    candidates.length > 0
      ? el("ol", { className: "candidates" }, candidates.slice(0, SHOWN).map((one) => candidate(one, chosen)))
      : chosen && el("p", { className: "reason soft" }, `${t("place_only")} (${percent(score)})`),
    left > 0 && el("p", { className: "reason soft" }, t("more_candidates", { count: left })),
  );
}

function candidate(one, chosen) {
  const won = one.target === chosen?.id;
  const [[first, begin] = ["name", one.score], ...steps] = Object.entries(one.parts);
  const parts = [
    `${partName(first)} ${hundredths(begin)}`,
    ...steps.filter(([, step]) => Math.abs(step) >= STEP).map(([name, step]) => `${partName(name)} ${signed(step)}`),
  ];
  return el(
    "li",
    { className: won ? "won" : null, title: state.lang === "en" ? one.reason : null },
    el("span", { className: "mark", "aria-hidden": "true" }, won ? "✓" : ""),
    el("span", {}, own(one, "name")),
    el("span", { className: "bar", "aria-hidden": "true" }, el("span", { style: { width: `${Math.max(0, Math.min(1, one.score)) * 100}%` } })),
    el("span", { className: "count" }, hundredths(one.score)),
    el("p", { className: "soft" }, parts.join(" · "), state.lang === "en" && one.reason && el("span", { className: "told" }, one.reason)),
  );
}

const sure = (words, confidence) => `${words} (${t("sure", { confidence: percent(confidence) })})`;

const partName = (name) => known(`part_${name}`, name);

const hundredths = (value) => value.toFixed(2);

const signed = (value) => `${value < 0 ? "−" : "+"}${hundredths(Math.abs(value))}`;
