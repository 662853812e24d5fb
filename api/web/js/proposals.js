// Names that reports use and the city does not know: the list to choose from, and the one that is open.

import { askPage, part, ask } from "./api.js";
import { city, districtName } from "./city.js";
import { el, replace } from "./dom.js";
import { ago, number } from "./format.js";
import { proposalCard } from "./proposal.js";
import { change, state } from "./state.js";
import { empty, failed, loading } from "./states.js";
import { known, t } from "./texts.js";

const STAGES = ["open", "candidate", "confirmed", "alias", "rejected"];
const AT_ONCE = 50;
const node = document.getElementById("places-view");
const list = el("section", { className: "proposals", tabIndex: -1 });
const open = el("section", { className: "proposal", tabIndex: -1 });
let asked = null;
let shown = [];

/** Read and draw the list that the address names, and the proposal that is open in it. */
export async function showProposals() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  if (!node.childElementCount) replace(node, list, open);
  list.setAttribute("aria-label", t("proposed"));
  loading(list);
  try {
    const { rows, next } = await askPage("places/proposals", { state: state.stage, limit: AT_ONCE }, signal);
    shown = rows;
    drawList(next);
  } catch (error) {
    if (error.name === "AbortError") return;
    replace(list, failed(error, showProposals));
  }
  list.setAttribute("aria-busy", "false");
  await showProposal(false);
}

/** Read and draw the proposal that is open; by default the first of the list. focus: move to it. */
export async function showProposal(focus = true) {
  const id = state.proposal || shown[0]?.id;
  for (const button of list.querySelectorAll("button[data-proposal]")) {
    if (button.dataset.proposal === id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  open.hidden = !id;
  node.classList.toggle("has-proposal", Boolean(state.proposal));
  if (!id) return;
  loading(open);
  try {
    const detail = await ask(`places/proposals/${part(id)}`);
    if (id !== (state.proposal || shown[0]?.id)) return; // another one was chosen meanwhile
    proposalCard(open, detail, showProposals);
    if (focus) open.focus({ preventScroll: false });
  } catch (error) {
    replace(open, failed(error, showProposal));
  }
  open.setAttribute("aria-busy", "false");
}

function drawList(next) {
  const stage = el("select", { onchange: () => change({ stage: stage.value, proposal: "" }) });
  for (const one of STAGES) stage.append(el("option", { value: one, selected: one === state.stage }, t(`stage_${one}`)));
  const items = el("ol", { className: "incidents" }, shown.map(item));
  replace(
    list,
    el(
      "div",
      { className: "proposals-head" },
      el("h2", {}, t("proposed")),
      el("p", { className: "soft small" }, t("proposed_hint")),
      el("label", { className: "field" }, el("span", { className: "spoken" }, t("stage")), stage),
    ),
    shown.length ? items : empty(t(`none_${state.stage === "open" ? "open" : "other"}`), state.stage === "open" ? t("none_open_hint") : ""),
  );
  if (next) more(items, next);
}

function more(items, next) {
  const button = el("button", { type: "button", className: "plain" }, t("more_names"));
  const last = el("li", { className: "more" }, button);
  button.addEventListener("click", async () => {
    const page = await askPage(next);
    last.remove();
    shown = [...shown, ...page.rows];
    items.append(...page.rows.map(item));
    if (page.next) more(items, page.next);
  });
  items.append(last);
}

function item(one) {
  const where = one.districts.length ? districtName(one.districts[0].id) : t("no_district");
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", "data-proposal": one.id, onclick: () => change({ proposal: one.id }) },
      el("span", { className: "title" }, one.name),
      el(
        "span",
        { className: "meta" },
        el("span", {}, known(`kind_${one.kind}`, one.kind)),
        el("span", {}, where || t("no_district")),
        el("span", {}, ago(one.last_seen, city.now)),
      ),
      el("span", { className: "heat", title: t("reports", { count: one.reports }) }, number(one.reports)),
    ),
  );
}
