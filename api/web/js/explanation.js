// Why a report has its category: the words weighed, for and against, and the examples most like it. Read when asked for.

import { ask, part } from "./api.js";
import { categoryName, colour } from "./city.js";
import { disclosure } from "./disclosure.js";
import { el } from "./dom.js";
import { percent } from "./format.js";
import { own, t } from "./texts.js";

/** A button, and below it what it opens. */
export function explanation(report) {
  return disclosure(t("why_category"), "explanation", async () => {
    const said = await ask(`reports/${part(report.id)}/explanation`);
    return [weighed(said, report), nearest(said)];
  });
}

function weighed(said, report) {
  const { moved, against } = said.explanation;
  const all = [...moved, ...against];
  const largest = Math.max(...all.map((word) => Math.abs(word.weight)));
  const category = categoryName(said.category);
  return [
    said.category !== report.category && el("p", { className: "reason" }, t("why_changed", { category, model: said.model })),
    el("h4", {}, t("why_words", { category })),
    all.length
      ? [
          el("ul", { className: "weights", style: { "--colour": colour(said.category) }, lang: said.language }, all.map((word) => weight(word, largest))),
          el("p", { className: "reason soft" }, t("why_words_hint")),
        ]
      : el("p", { className: "reason soft" }, t("why_no_words")),
  ];
}

function weight({ text, weight: value }, largest) {
  const width = `${(Math.abs(value) / largest) * 50}%`;
  const signed = `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(1)}`;
  return el(
    "li",
    { className: value > 0 ? "for" : "against", title: t(value > 0 ? "speaks_for" : "speaks_against") },
    el("span", { className: "word" }, text),
    el("span", { className: "signed", "aria-hidden": "true" }, el("span", { style: { width } })),
    el("span", { className: "count" }, signed),
  );
}

function nearest(said) {
  return [
    el("h4", {}, t("why_examples")),
    el(
      "ol",
      { className: "examples" },
      said.explanation.neighbours.map((one) =>
        el(
          "li",
          {},
          el("span", { className: "dot", style: { "--colour": colour(one.category) } }),
          el("b", {}, own(one, "name")),
          el("span", { className: "count", title: t("alike_title") }, percent(one.similarity)),
          el("p", { lang: said.language, title: one.text }, one.text),
        ),
      ),
    ),
  ];
}
