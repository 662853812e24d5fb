// A report's text with its words marked: what they name, and which of them carry the trouble.

import { categoryName, colour } from "./city.js";
import { el } from "./dom.js";
import { percent } from "./format.js";
import { known, t } from "./texts.js";

const KINDS = [
  "district", "road", "crossing", "estate", "poi", "address", "organization", "person", "people", "object", "trigger", "time",
];
const LONG = 260; // characters, from which a text is folded

/** The text, folded where it is long. */
export function words(report) {
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

/** The kinds of words that these reports have marked, each in its style. */
export function wordsLegend(reports) {
  const there = new Set(reports.flatMap((report) => report.mentions.map((mention) => mention.kind)));
  const carrying = reports.find((report) => report.evidence.length);
  if (!there.size && !carrying) return null;
  const kinds = KINDS.filter((kind) => there.has(kind));
  return el(
    "p",
    { className: "mention-legend" },
    el("span", { className: "soft" }, t("mention_kinds")),
    carrying && el("span", { className: "evidence", style: { "--colour": colour(carrying.evidence[0].category) } }, t("evidence")),
    kinds.map((kind) => el("mark", { className: `mention mention-${kind}` }, t(`kind_${kind}`))),
  );
}

/** The text in pieces. Offsets count characters (code points), as Python does; JavaScript's own count UTF-16 units. */
function marked({ full_text: text, mentions, evidence }) {
  const characters = Array.from(text);
  const pieces = [];
  let at = 0;
  for (const mention of inOrder(mentions)) {
    if (mention.start < at || mention.end > characters.length) continue; // inside one that is marked already
    pieces.push(lit(characters, at, mention.start, evidence));
    const confidence = percent(mention.confidence);
    const role = mention.role ? ` · ${known(`role_${mention.role}`, mention.role)}` : "";
    const title = t("mention_title", { kind: known(`kind_${mention.kind}`, mention.kind) + role, confidence });
    const inGraph = mention.target ? t("in_graph") : "";
    const className = `mention mention-${mention.kind}${mention.target ? " mention-known" : ""}`;
    pieces.push(el("mark", { className, title: title + inGraph }, lit(characters, mention.start, mention.end, evidence)));
    at = mention.end;
  }
  return [...pieces, lit(characters, at, characters.length, evidence)];
}

/** A stretch of the text with its evidence lit; what reaches beyond the stretch goes on in the next. */
function lit(characters, from, to, evidence) {
  const pieces = [];
  let at = from;
  for (const one of inOrder(evidence)) {
    const [start, end] = [Math.max(one.start, at), Math.min(one.end, to)];
    if (start >= end) continue;
    const title = t("evidence_title", { category: categoryName(one.category), confidence: percent(one.confidence) });
    pieces.push(
      characters.slice(at, start).join(""),
      el("span", { className: "evidence", title, style: { "--colour": colour(one.category) } }, characters.slice(start, end).join("")),
    );
    at = end;
  }
  pieces.push(characters.slice(at, to).join(""));
  return pieces.filter((piece) => piece !== "");
}

const inOrder = (spans) => [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
