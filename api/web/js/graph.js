// The neighbourhood of a node, drawn. Choosing an incident or a place puts it in the middle.

import { ask } from "./api.js";
import { categoryName } from "./city.js";
import { el, replace, svg } from "./dom.js";
import { layout } from "./force.js";
import { change } from "./state.js";
import { empty, failed, loading } from "./states.js";
import { known, own, t } from "./texts.js";

const COLOURS = {
  Incident: "#1f4e79", Report: "#8fa3b8", Place: "#2f855a", Area: "#a8a06a", Category: "#975a16", Organization: "#0e7490",
  Department: "#7c6f9c", Crew: "#c2410c", Assignment: "#e39b6d", Plan: "#9b2c4e",
};
const WALKABLE = new Set(["Incident", "Place"]);
const WIDTH = 400;
const HEIGHT = 330;

/** A box with the graph around an incident; it reads for itself. */
export function graphAround(incident) {
  const box = el("div", { className: "graph" });
  show(box, "Incident", incident, incident);
  return box;
}

async function show(box, label, id, home, focus = false) {
  loading(box);
  let graph;
  try {
    graph = await ask("graph/neighbourhood", { label, id, hops: 2, limit: 60 });
  } catch (error) {
    box.setAttribute("aria-busy", "false");
    return replace(box, failed(error, () => show(box, label, id, home)));
  }
  box.setAttribute("aria-busy", "false");
  if (graph.nodes.length < 2) return replace(box, empty(t("graph_alone"), ""));
  const middle = graph.nodes[0];
  const away = id !== home;
  replace(
    box,
    away && el("p", { className: "graph-head" }, t("graph_of", { name: nameOf(middle) }), " ", ways(box, middle, home)),
    drawing(graph, (node) => show(box, node.label, node.id, home, true)),
    legend(graph.nodes),
    el("p", { className: "soft small" }, t("graph_hint"), graph.cut && ` ${t("graph_cut")}`),
  );
  if (focus) box.querySelector("[data-middle]")?.focus();
}

function ways(box, middle, home) {
  const back = el("button", { type: "button", className: "plain small", onclick: () => show(box, "Incident", home, home, true) }, t("graph_back"));
  if (middle.label !== "Incident") return [back];
  return [el("button", { type: "button", className: "plain small", onclick: () => change({ incident: middle.id }) }, t("graph_open")), " ", back];
}

function drawing(graph, walk) {
  const keys = graph.nodes.map((node) => node.key);
  const edges = graph.edges.map((edge) => [edge.source, edge.target]);
  const places = layout(keys, edges, WIDTH, HEIGHT, 44);
  const crowded = graph.nodes.length > 26;
  const image = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": t("connections") });
  for (const edge of graph.edges) {
    const [from, to] = [places.get(edge.source), places.get(edge.target)];
    image.append(
      svg("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, "data-ends": `${edge.source}\n${edge.target}` }, svg("title", {}, edge.type)),
    );
  }
  const nodes = graph.nodes.map((node, index) => shape(node, index === 0, places.get(node.key), crowded, walk));
  image.append(...nodes.reverse());
  const light = (key) => {
    for (const line of image.querySelectorAll("line")) line.classList.toggle("near", key !== null && line.dataset.ends.split("\n").includes(key));
  };
  for (const [over, out] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    image.addEventListener(over, (event) => light(event.target.closest("[data-key]")?.dataset.key ?? null));
    image.addEventListener(out, () => light(null));
  }
  return image;
}

function shape(node, middle, { x, y }, crowded, walk) {
  const walkable = WALKABLE.has(node.label) && !middle;
  const name = nameOf(node);
  const radius = middle ? 10 : node.label === "Report" ? 4.5 : 7;
  const group = svg(
    "g",
    {
      class: `node${walkable ? " walkable" : ""}${middle ? " middle" : ""}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
      "data-key": node.key, "data-label": node.label, "data-middle": middle ? "" : null, tabindex: 0,
      role: walkable ? "button" : "img", "aria-label": `${known(`label_${node.label}`, node.label)}: ${name}`,
    },
    svg("title", {}, `${known(`label_${node.label}`, node.label)}: ${name}`),
    svg("circle", { r: Math.max(radius, 9), fill: "transparent" }),
    svg("circle", { r: radius, fill: COLOURS[node.label] ?? "#888" }),
  );
  const always = middle || ["Place", "Area", "Organization", "Crew", "Category"].includes(node.label);
  const label = svg("text", { y: radius + 11, class: always && !crowded ? "" : "on-hover" }, short(name, middle ? 15 : 9));
  group.append(label);
  if (walkable) {
    group.addEventListener("click", () => walk(node));
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      walk(node);
    });
  }
  return group;
}

function legend(nodes) {
  const there = Object.keys(COLOURS).filter((label) => nodes.some((node) => node.label === label));
  return el(
    "p",
    { className: "graph-legend" },
    there.map((label) => el("span", {}, el("i", { className: "dot", style: { "--colour": COLOURS[label] } }), t(`label_${label}`))),
  );
}

function nameOf(node) {
  if (node.label === "Category") return categoryName(node.id);
  if (node.label === "Assignment") return own(node.properties, "why") || node.name;
  return own(node.properties, "name") || node.name;
}

/** Cut to a width: a Han character is as wide as two Latin letters. */
function short(name, most) {
  let width = 0;
  let text = "";
  for (const character of name) {
    width += character.codePointAt(0) > 0x2e7f ? 1 : 0.55;
    if (width > most) return `${text}…`;
    text += character;
  }
  return text;
}
