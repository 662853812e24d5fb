// One report: what was said, with its words marked, and what was understood of it.

import { categoryName, colour } from "./city.js";
import { el } from "./dom.js";
import { explanation } from "./explanation.js";
import { extraction } from "./extraction.js";
import { moment, percent, whyJoined } from "./format.js";
import { known, t } from "./texts.js";
import { words } from "./words.js";

/** A card for a report. joined: its way into the incident. placeName: the incident's place, for the reason. */
export function reportCard(report, joined, placeName, first) {
  return el(
    "article",
    { className: "report", "data-report": report.id },
    el(
      "header",
      {},
      el("time", { dateTime: report.reported_at }, moment(report.reported_at)),
      el("span", {}, known(`channel_${report.channel}`, report.channel)),
      report.synthetic && el("span", { className: "tag" }, t("invented")),
      report.outside && el("span", { className: "tag tag-warn" }, t("outside")),
    ),
    words(report),
    readings(report),
    report.duplicate_of && el("p", { className: "reason" }, `${t("duplicate")} `, el("code", {}, report.duplicate_of)),
    joined && el("p", { className: "reason" }, el("b", {}, `${t("why_joined")} `), whyOf(joined, placeName)),
    understood(report, first),
    explanation(report),
    extraction(report),
  );
}

/** What was read in it, as tags; the doubt first. */
function readings(report) {
  const { doubt, sentiment, intent, also } = report;
  return el(
    "ul",
    { className: "readings", "aria-label": t("readings") },
    report.abstained && tag("tag-warn", t(doubt ? `doubt_${doubt}` : "abstained"), doubtWhy(report)),
    report.code !== report.category && codeTag(report),
    tag(`urgency-${report.urgency}`, t(`urgency_${report.urgency}`), t("urgency_title")),
    sentiment && tag(`tone-${sentiment}`, t(`tone_${sentiment}`), t("tone_title")),
    intent && tag("", t(`intent_${intent}`), t("intent_title")),
    also.map(({ category, probability }) =>
      tag("tag-code", t("also", { category: categoryName(category) }), t("sure", { confidence: percent(probability) }), colour(category)),
    ),
  );
}

/** A sub-code that is less likely than all its sisters together is put as a question. */
function codeTag({ code, code_confidence: sure }) {
  const perhaps = sure < 0.5;
  const name = categoryName(code);
  return tag(perhaps ? "tag-code tag-perhaps" : "tag-code", perhaps ? t("code_perhaps", { code: name }) : name, t("code_title"), colour(code));
}

function tag(kind, text, title, tint = null) {
  return el("li", { className: `tag ${kind}`, title, style: tint ? { "--colour": tint } : {} }, text);
}

function doubtWhy({ doubt }) {
  return t(doubt ? `doubt_${doubt}_why` : "abstained_why");
}

function whyOf(joined, placeName) {
  const why = whyJoined(joined.why, placeName);
  return joined.sequence === 1 ? why : `${why} (${t("score", { score: percent(joined.score) })})`;
}

function understood(report, open) {
  const method = known(`method_${report.location_method}`, t("method_none"));
  const bars = report.ranking.map(({ category, probability }) =>
    el(
      "li",
      { style: { "--colour": colour(category) } },
      el("span", {}, categoryName(category)),
      el("span", { className: "bar", "aria-hidden": "true" }, el("span", { style: { width: `${probability * 100}%` } })),
      el("span", { className: "count" }, percent(probability)),
    ),
  );
  return el(
    "details",
    { open },
    el("summary", {}, t("how_sure")),
    el("ul", { className: "ranking" }, bars),
    report.abstained && el("p", { className: "reason" }, doubtWhy(report)),
    report.code !== report.category && el("p", { className: "reason" }, el("b", {}, `${t("code")} `), narrowed(report)),
    el("p", { className: "reason" }, el("b", {}, `${t("how_placed")} `), placed(report, method)),
    el("p", { className: "reason soft" }, `${report.model} · ${report.id}`),
  );
}

function narrowed(report) {
  const names = { code: categoryName(report.code), category: categoryName(report.category) };
  return t("code_sure", { ...names, confidence: percent(report.code_confidence) });
}

function placed(report, method) {
  if (!report.location && report.location_method === "none") return method;
  const sure = t("sure", { confidence: percent(report.location_confidence) });
  const said = document.documentElement.lang === "en" && report.location_reason ? `: ${report.location_reason}` : "";
  return `${method}${said} (${sure})`;
}
