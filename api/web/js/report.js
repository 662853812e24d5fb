// One report: what was said, with its words marked, and what was understood of it.

import { categoryName, colour } from "./city.js";
import { el } from "./dom.js";
import { moment, percent, whyJoined } from "./format.js";
import { known, t } from "./texts.js";

const KINDS = ["district", "road", "estate", "poi", "organization", "time"];
const LONG = 260; // characters, from which a text is folded

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
      report.abstained && el("span", { className: "tag tag-warn", title: t("abstained_why") }, t("abstained")),
    ),
    words(report),
    report.duplicate_of && el("p", { className: "reason" }, `${t("duplicate")} `, el("code", {}, report.duplicate_of)),
    joined && el("p", { className: "reason" }, el("b", {}, `${t("why_joined")} `), whyOf(joined, placeName)),
    understood(report, first),
  );
}

/** The kinds of words that these reports have marked, each in its style. */
export function mentionLegend(reports) {
  const there = new Set(reports.flatMap((report) => report.mentions.map((mention) => mention.kind)));
  if (!there.size) return null;
  const kinds = KINDS.filter((kind) => there.has(kind));
  return el(
    "p",
    { className: "mention-legend" },
    el("span", { className: "soft" }, t("mention_kinds")),
    kinds.map((kind) => el("mark", { className: `mention mention-${kind}` }, t(`kind_${kind}`))),
  );
}

function words(report) {
  const text = el("p", { className: "words", lang: report.language }, marked(report));
  if ([...report.full_text].length <= LONG) return text;
  text.classList.add("folded");
  const button = el("button", { type: "button", className: "plain small", "aria-expanded": "false" }, t("show_all"));
  button.addEventListener("click", () => {
    const folded = text.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = t(folded ? "show_all" : "show_less");
  });
  return [text, button];
}

/** The text in pieces. Offsets count characters (code points), as Python does; JavaScript's own count UTF-16 units. */
function marked({ full_text: text, mentions }) {
  const characters = Array.from(text);
  const pieces = [];
  let at = 0;
  for (const mention of [...mentions].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (mention.start < at || mention.end > characters.length) continue; // inside one that is marked already
    pieces.push(characters.slice(at, mention.start).join(""));
    const confidence = percent(mention.confidence);
    const title = t("mention_title", { kind: known(`kind_${mention.kind}`, mention.kind), confidence });
    const inGraph = mention.target ? t("in_graph") : "";
    const className = `mention mention-${mention.kind}${mention.target ? " mention-known" : ""}`;
    pieces.push(el("mark", { className, title: title + inGraph }, characters.slice(mention.start, mention.end).join("")));
    at = mention.end;
  }
  pieces.push(characters.slice(at).join(""));
  return pieces;
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
    report.abstained && el("p", { className: "reason" }, t("abstained_why")),
    el("p", { className: "reason" }, el("b", {}, `${t("how_placed")} `), placed(report, method)),
    el("p", { className: "reason soft" }, `${report.model} · ${report.id}`),
  );
}

function placed(report, method) {
  if (!report.location && report.location_method === "none") return method;
  const sure = t("sure", { confidence: percent(report.location_confidence) });
  const said = document.documentElement.lang === "en" && report.location_reason ? `: ${report.location_reason}` : "";
  return `${method}${said} (${sure})`;
}
