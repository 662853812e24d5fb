// The neighbourhood of a node, drawn. Choosing an incident or a place puts it in the middle.

import { ask } from "./api.js";
import { categoryName } from "./city.js";
import { el, replace, svg } from "./dom.js";
import { layout } from "./force.js";
import { change } from "./state.js";
import { empty, failed, loading } from "./states.js";
import { known, own, t } from "./texts.js";

const COLOURS = {
  Incident: "#1f4e79", Report: "#8fa3b8", Place: "#2f855a", ProposedPlace: "#9cc9ac", Area: "#a8a06a", Category: "#975a16", Organization: "#0e7490",
  Department: "#7c6f9c", Crew: "#c2410c", Assignment: "#e39b6d", Plan: "#9b2c4e",
};
const NAMED = ["Place", "Crew", "Organization", "Area", "Category"]; // in the order in which they get room for their names
const WALKABLE = new Set(["Incident", "Place"]);
const WIDTH = 400;
const HEIGHT = 330;
const SIZE = 10.5; // of its letters, as in incident.css

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
    graph = pruned(await ask("graph/neighbourhood", { label, id, hops: 2, limit: 60 }));
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

/** Without grid cells that are there only as neighbours of a grid cell. */
function pruned(graph) {
  const borders = new Set(["ADJACENT_TO", "PART_OF"]);
  const told = new Set(graph.edges.filter((edge) => !borders.has(edge.type)).flatMap((edge) => [edge.source, edge.target]));
  const nodes = graph.nodes.filter((node, index) => index === 0 || node.properties.kind !== "grid" || told.has(node.key));
  const keys = new Set(nodes.map((node) => node.key));
  return { ...graph, nodes, edges: graph.edges.filter((edge) => keys.has(edge.source) && keys.has(edge.target)) };
}

function ways(box, middle, home) {
  const back = el("button", { type: "button", className: "plain small", onclick: () => show(box, "Incident", home, home, true) }, t("graph_back"));
  if (middle.label !== "Incident") return [back];
  return [el("button", { type: "button", className: "plain small", onclick: () => change({ incident: middle.id }) }, t("graph_open")), " ", back];
}

function drawing(graph, walk) {
  const places = layout(graph.nodes.map((node) => node.key), graph.edges.map((edge) => [edge.source, edge.target]), WIDTH, HEIGHT, 44);
  const written = readable(graph.nodes, places);
  const image = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": t("connections") });
  for (const edge of graph.edges) {
    const [from, to] = [places.get(edge.source), places.get(edge.target)];
    image.append(
      svg("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, "data-ends": `${edge.source}\n${edge.target}` }, svg("title", {}, edge.type)),
    );
  }
  const nodes = graph.nodes.map((node, index) => shape(node, index === 0, places.get(node.key), written, walk));
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

/** The nodes whose names can stand without covering another name or a node; the others show theirs on hover. */
function readable(nodes, places) {
  const taken = nodes.map((node) => around(places.get(node.key), 0, 7, 7));
  const written = new Set();
  const order = [...NAMED, "Report", "Incident"];
  const rank = (node) => (node === nodes[0] ? -1 : order.indexOf(node.label));
  for (const node of [...nodes].sort((a, b) => rank(a) - rank(b))) {
    if (node !== nodes[0] && (!NAMED.includes(node.label) || node.properties.kind === "grid")) continue;
    const middle = node === nodes[0];
    const { text, half, aside } = short(nameOf(node), middle ? 15 : 9, places.get(node.key).x);
    const { x, y } = places.get(node.key);
    const box = around({ x: x + aside, y }, middle ? 17 : 14, half, 5);
    const clear = taken.every((other, index) => nodes[index] === node || !overlap(box, other));
    if (!(clear || middle) || !text) continue;
    written.add(node.key);
    taken.push(box);
  }
  return written;
}

const around = ({ x, y }, down, wide, high) => [x - wide, y + down - high, x + wide, y + down + high];
const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

function shape(node, middle, { x, y }, written, walk) {
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
  const { text, aside } = short(name, middle ? 15 : 9, x);
  group.append(svg("text", { x: aside, y: radius + 11, class: written.has(node.key) ? "" : "on-hover" }, text));
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

/** Cut to a width (a Han character is as wide as two Latin letters); half: half its width; aside: how far to shift it in. */
function short(name, most, x) {
  let width = 0;
  let text = "";
  for (const character of name) {
    width += character.codePointAt(0) > 0x2e7f ? 1 : 0.55;
    if (width > most) {
      text += "…";
      break;
    }
    text += character;
  }
  const half = (width * SIZE) / 2 + 2;
  return { text, half, aside: Math.max(0, half - x) - Math.max(0, x + half - WIDTH) };
}
