// One proposed place: where reports put it, how they name it, names like it, and what a person decides.

import { part, send } from "./api.js";
import { districtName } from "./city.js";
import { el, replace } from "./dom.js";
import { distance, moment, number, percent } from "./format.js";
import { state } from "./state.js";
import { spotMap } from "./spot.js";
import { known, own, t } from "./texts.js";

const KINDS = ["road", "estate", "facility", "poi"];
const SENSITIVE = ["school", "kindergarten", "hospital", "elderly_care"];
const EXAMPLES = 6;

/** Draw it into a box. again: what to do when something was decided. */
export function proposalCard(box, detail, again) {
  const { proposal } = detail;
  const waits = proposal.state === "open" || proposal.state === "candidate";
  const form = waits ? decisionForm(detail, again) : decided(detail, again);
  const map = el("div", { className: "spot" });
  replace(
    box,
    el("header", {}, el("h2", {}, proposal.name), el("span", { className: "tag" }, t(`stage_${proposal.state}`))),
    el("p", { className: "suggested" }, el("b", {}, t(`suggest_${detail.suggestion.decision ?? "look"}`)), own(detail.suggestion, "why")),
    facts(proposal),
    map,
    el("p", { className: "soft small" }, t("spot_legend"), waits && ` ${t("spot_hint")}`),
    el("h3", {}, t("named_in")),
    el("ul", { className: "named-in" }, detail.examples.slice(0, EXAMPLES).map(sentence)),
    detail.near.length > 0 && [el("h3", {}, t("like_it")), nearNames(detail, form)],
    form.node,
  );
  const spot = spotMap(map, detail, waits ? form.place : null);
  form.onLocation?.(spot.move);
}

function facts(proposal) {
  const { located, location_basis: basis, spread_metres: spread } = proposal;
  const where = basis === "reports" ? t("from_reports", { count: located, metres: distance(spread) }) : t(basis === "district" ? "from_district" : "from_nothing");
  const rows = [
    [t("named_by"), `${t("reports", { count: proposal.reports })} · ${moment(proposal.first_seen)} – ${moment(proposal.last_seen)}`],
    [t("spelled"), proposal.spellings.slice(0, 8).map((one) => `${one.text} ×${number(one.reports)}`).join(" · ")],
    [t("district"), proposal.districts.slice(0, 4).map((one) => `${own(one, "name")} ×${number(one.reports)}`).join(" · ") || t("no_district")],
    [t("located"), where],
  ];
  return el("dl", { className: "facts" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** Offsets count characters (code points), as Python does. */
function sentence({ sentence: text, start, end, language, reported_at: at, synthetic }) {
  const characters = Array.from(text);
  return el(
    "li",
    {},
    el("p", { lang: language }, characters.slice(0, start).join(""), el("mark", {}, characters.slice(start, end).join("")), characters.slice(end).join("")),
    el("p", { className: "soft small" }, moment(at), synthetic && [" ", el("span", { className: "tag" }, t("invented"))]),
  );
}

function nearNames({ near, suggestion }, form) {
  return el(
    "ul",
    { className: "near-names" },
    near.map((one) =>
      el(
        "li",
        { "data-target": one.target, className: one.target === suggestion.place ? "likely" : "" },
        el("p", {}, el("b", {}, own(one, "name")), ` ${percent(one.similarity)}`, el("span", { className: "soft" }, ` ${known(`kind_${one.kind}`, one.kind)}`), one.district && el("span", { className: "soft" }, ` ${districtName(one.district)}`)),
        el("p", { className: "soft small" }, own(one, "why")),
        one.label === "Place" && form.alias && el("button", { type: "button", className: "plain small", onclick: () => form.alias(one.target) }, t("is_alias")),
      ),
    ),
  );
}

/** What a person fills in, with its buttons. Returns the node, and how the map and the near names reach it. */
function decisionForm({ proposal }, again) {
  const found = proposal.location_basis === "reports" ? proposal.location : null;
  const input = (key, value, more = {}) => el("input", { id: `p-${key}`, value, autocomplete: "off", ...more });
  const select = (key, values, chosen, none) =>
    el("select", { id: `p-${key}` }, none && el("option", { value: "" }, none), values.map((one) => el("option", { value: one, selected: one === chosen }, known(`kind_${one}`, one))));
  const fields = {
    name_zh: input("name_zh", proposal.name_zh, { maxLength: 100 }),
    name_en: input("name_en", proposal.name_en, { maxLength: 100 }),
    kind: select("kind", KINDS, proposal.kind === "crossing" ? "poi" : proposal.kind),
    sensitive: select("sensitive", SENSITIVE, "", t("sensitive_none")),
    longitude: input("longitude", found?.longitude ?? "", { inputMode: "decimal" }),
    latitude: input("latitude", found?.latitude ?? "", { inputMode: "decimal" }),
    why: input("why", "", { maxLength: 1000 }),
    by: input("by", kept("by"), { maxLength: 100, autocomplete: "name" }),
    key: input("key", kept("key"), { type: "password", autocomplete: "current-password" }),
  };
  const answer = answering(proposal, fields, again);
  const point = () => {
    const [longitude, latitude] = [fields.longitude.value.trim(), fields.latitude.value.trim()];
    return longitude && latitude ? { longitude: Number(longitude), latitude: Number(latitude) } : null;
  };
  const confirm = () =>
    answer.send({
      decision: "confirm", name_zh: fields.name_zh.value.trim() || null, name_en: fields.name_en.value.trim() || null,
      kind: fields.kind.value, sensitive: fields.sensitive.value || null, location: point(),
    });
  let move = () => {};
  for (const one of [fields.longitude, fields.latitude]) one.addEventListener("input", () => move(point()));
  const row = (key) => el("label", { className: "field" }, el("span", { className: "label" }, t(`p_${key}`)), fields[key]);
  const node = el(
    "form",
    { className: "decide", onsubmit: (event) => (event.preventDefault(), confirm()) },
    el("h3", {}, t("decide")),
    el("div", { className: "fields" }, ["name_zh", "name_en", "kind", "sensitive", "longitude", "latitude"].map(row)),
    el("div", { className: "fields" }, ["why", "by", "key"].map(row)),
    el(
      "div",
      { className: "buttons" },
      el("button", { type: "submit", className: "plain main" }, t("confirm")),
      el("button", { type: "button", className: "plain", onclick: () => answer.send({ decision: "reject" }) }, t("reject")),
    ),
    answer.node,
  );
  return {
    node,
    alias: (place) => answer.send({ decision: "alias", place }),
    place: ({ lng, lat }) => {
      fields.longitude.value = lng.toFixed(6);
      fields.latitude.value = lat.toFixed(6);
      move(point());
    },
    onLocation: (mover) => (move = mover),
  };
}

/** What was decided and by whom, with a way back. */
function decided({ proposal, decisions }, again) {
  const fields = {
    why: el("input", { id: "p-why", maxLength: 1000, autocomplete: "off" }),
    by: el("input", { id: "p-by", value: kept("by"), maxLength: 100, autocomplete: "name" }),
    key: el("input", { id: "p-key", type: "password", value: kept("key"), autocomplete: "current-password" }),
  };
  const answer = answering(proposal, fields, again);
  const last = decisions.at(-1);
  const node = el(
    "form",
    { className: "decide", onsubmit: (event) => (event.preventDefault(), answer.send({ decision: "undo" })) },
    el("h3", {}, t("decided")),
    el("p", {}, t(`decided_${last.decision}`, { place: own(proposal, "place") || proposal.place || "", count: number(last.reports) })),
    el("p", { className: "soft small" }, `${last.by} · ${moment(last.at)}${last.why ? ` · ${last.why}` : ""}`),
    el("div", { className: "fields" }, Object.keys(fields).map((key) => el("label", { className: "field" }, el("span", { className: "label" }, t(`p_${key}`)), fields[key]))),
    el("div", { className: "buttons" }, el("button", { type: "submit", className: "plain" }, t("undo"))),
    answer.node,
  );
  return { node };
}

/** Sending a decision: what the service answers, or what it says is wrong, stands below the buttons. */
function answering(proposal, fields, again) {
  const node = el("p", { className: "answer", role: "status" });
  const say = (text, wrong) => {
    node.className = wrong ? "answer wrong" : "answer";
    node.textContent = text;
  };
  let busy = false;
  return {
    node,
    async send(decision) {
      if (busy) return;
      const missing = ["by", "key"].find((key) => !fields[key].value.trim());
      if (missing) {
        say(t(`needs_${missing}`), true);
        return fields[missing].focus();
      }
      busy = true;
      say(t("loading"), false);
      try {
        const body = { ...decision, by: fields.by.value.trim(), why: fields.why.value.trim() || null };
        const { record } = await send(`places/proposals/${part(proposal.id)}/decision`, body, undefined, fields.key.value.trim());
        keep("by", fields.by.value.trim());
        keep("key", fields.key.value.trim());
        document.getElementById("spoken").textContent = t(`decided_${record.decision}`, { place: record.name_zh ?? "", count: number(record.reports) });
        await again();
      } catch (error) {
        say(error.status === 0 ? t("no_answer") : error.message, true);
      } finally {
        busy = false;
      }
    },
  };
}

/** Who decides is remembered, the key for as long as this tab is open. */
function storage(key) {
  return key === "key" ? sessionStorage : localStorage;
}

function kept(key) {
  try {
    return storage(key).getItem(`citygraph.${key}`) ?? "";
  } catch {
    return ""; // storage is off
  }
}

function keep(key, value) {
  try {
    storage(key).setItem(`citygraph.${key}`, value);
  } catch {
    // storage is off: it is asked again
  }
}
