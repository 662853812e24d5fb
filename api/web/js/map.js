// The map: districts as its ground, incidents as circles. Nothing comes from outside: there are no tiles.

import { COLOURS, TOPS, categoryName, city, colour } from "./city.js";
import { el, replace } from "./dom.js";
import { nameLayer } from "./labels.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";

const { L } = globalThis;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const GROUND = { color: "#b9b3a5", weight: 1, fillColor: "#f7f5f0", fillOpacity: 1 };
const CHOSEN = { color: "#1f4e79", weight: 2, fillColor: "#fffefb" };
let map, ground, circles, names, zoomButtons;
const drawn = new Map(); // incident id → { circle, at, nth }

/** Put the map and its districts on the page. */
export function startMap() {
  const calm = CALM.matches;
  map = L.map("map", {
    zoomControl: false, zoomSnap: 0.25, minZoom: 6, maxZoom: 17,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm,
    renderer: L.svg({ padding: 0.5 }),
  });
  map.attributionControl.setPrefix("Leaflet");
  zoomButtons = L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  map.createPane("ground").style.zIndex = 300; // from below: ground, names of subdistricts, circles (400), names of districts
  map.createPane("near-names").style.zIndex = 350;
  map.createPane("names").style.zIndex = 450;
  map.getPane("names").style.pointerEvents = "none";
  ground = L.geoJSON(city.districts, {
    filter: (feature) => feature.geometry.type.endsWith("Polygon"),
    style: GROUND,
    interactive: false,
    pane: "ground",
    onEachFeature: (feature, layer) => layer.on("add", () => layer.getElement().setAttribute("data-district", feature.id)),
  }).addTo(map);
  if (ground.getLayers().length) map.fitBounds(ground.getBounds());
  else map.setView([0, 0], 6);
  circles = L.layerGroup().addTo(map);
  names = nameLayer(map);
  map.on("zoomend", spread);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
}

/** Write everything that has words again, in the language shown. */
export function drawWords() {
  map.getContainer().setAttribute("aria-label", t("map"));
  map.getContainer().setAttribute("role", "region");
  for (const [button, key] of [[zoomButtons._zoomInButton, "zoom_in"], [zoomButtons._zoomOutButton, "zoom_out"]]) {
    button.title = t(key);
    button.setAttribute("aria-label", t(key));
  }
  names.draw();
  replace(
    document.getElementById("legend"),
    TOPS.map((code) => el("span", {}, el("i", { className: "dot", style: { "--colour": COLOURS[code] } }), categoryName(code))),
    el("span", {}, el("i", { className: "sizes" }), t("legend_heat")),
    el("span", {}, el("i", { className: "vague" }), t("legend_vague")),
  );
}

/** Draw these incidents, the hottest on top; say how many have no place. */
export function drawIncidents(features) {
  circles.clearLayers();
  drawn.clear();
  const most = Math.max(1, ...features.map((one) => one.properties.heat));
  const nths = new Map();
  const placed = features.filter((one) => one.geometry);
  for (const feature of placed) {
    const [longitude, latitude] = feature.geometry.coordinates;
    const key = `${longitude},${latitude}`;
    drawn.set(feature.id, { circle: circle(feature, most), at: L.latLng(latitude, longitude), nth: nths.get(key) ?? 0 });
    nths.set(key, (nths.get(key) ?? 0) + 1);
  }
  spread();
  for (const { circle: one } of [...drawn.values()].reverse()) one.addTo(circles);
  const note = document.getElementById("map-note");
  note.hidden = placed.length === features.length;
  note.textContent = t("unplaced", { count: features.length - placed.length });
  markOnMap();
}

/** Show where most incidents are, or the chosen district. */
export function fit() {
  const chosen = ground.getLayers().find((layer) => layer.feature.id === state.district);
  if (chosen) return map.fitBounds(chosen.getBounds(), { padding: [24, 24] });
  const points = [...drawn.values()].map((one) => one.at);
  if (points.length < 3) return ground.getLayers().length && map.fitBounds(ground.getBounds());
  const middle = (values) => values.sort((a, b) => a - b).slice(Math.floor(values.length * 0.08), Math.ceil(values.length * 0.92));
  const [south, north] = ends(middle(points.map((one) => one.lat)));
  const [west, east] = ends(middle(points.map((one) => one.lng)));
  map.fitBounds([[south, west], [north, east]], { padding: [36, 36], maxZoom: 14 });
}

/** Mark the open incident and the chosen district; bring the incident into view where it is not. */
export function markOnMap() {
  for (const [id, { circle: one }] of drawn) one.getElement()?.classList.toggle("open", id === state.incident);
  ground.eachLayer((layer) => {
    const chosen = layer.feature.id === state.district;
    layer.setStyle(chosen ? CHOSEN : GROUND);
    if (chosen) layer.bringToFront();
  });
  const open = drawn.get(state.incident);
  if (!open) return;
  open.circle.bringToFront();
  map.invalidateSize({ animate: false });
  if (!map.getBounds().pad(-0.1).contains(open.circle.getLatLng())) map.panTo(open.circle.getLatLng(), { animate: !CALM.matches });
}

function circle({ id, properties: one }, most) {
  const share = Math.sqrt(one.heat / most);
  const made = L.circleMarker([0, 0], {
    radius: 4 + 9 * share, color: colour(one.category), weight: 1.25, opacity: 0.95, fillColor: colour(one.category),
    fillOpacity: 0.25 + 0.5 * share, dashArray: one.precise ? null : "2.5 2.5", className: "incident-circle",
    bubblingMouseEvents: false,
  });
  made.bindTooltip(() => el("span", { lang: one.language }, one.title), { direction: "top", opacity: 1, className: "map-tip" });
  made.on("click", () => change({ incident: id }));
  made.on("add", () => {
    const path = made.getElement();
    path.setAttribute("data-incident", id);
    path.setAttribute("data-category", one.category);
  });
  return made;
}

/** Incidents at one and the same point lie around it like the seeds of a sunflower, some pixels apart at any zoom. */
function spread() {
  for (const { circle: one, at, nth } of drawn.values()) {
    if (!nth) {
      one.setLatLng(at);
      continue;
    }
    const reach = 9 * Math.sqrt(nth);
    const pixel = map.project(at).add([reach * Math.cos(nth * GOLDEN), reach * Math.sin(nth * GOLDEN)]);
    one.setLatLng(map.unproject(pixel));
  }
}

const ends = (sorted) => [sorted[0], sorted.at(-1)];
