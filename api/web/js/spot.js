// A small map of where reports put a name: their own coordinates, and the place that is proposed.

import { askFeatures } from "./api.js";
import { city } from "./city.js";
import { el } from "./dom.js";
import { own, t } from "./texts.js";

const { L } = globalThis;
const GROUND = { color: "#b9b3a5", weight: 1, fillColor: "#f7f5f0", fillOpacity: 1 };
const REPORT = { radius: 4, color: "#586574", weight: 1, fillColor: "#8fa3b8", fillOpacity: 0.7 };
const SPOT = { radius: 8, color: "#1f4e79", weight: 2.5, fillColor: "#1f4e79", fillOpacity: 0.25 };
const MOST = 2000; // known places shown
let last = null;
let known = null; // the city's places, read once

/** Draw it into a box that is on the page. choose: called with a point that is clicked, null: only to look at. */
export function spotMap(box, { proposal, examples }, choose) {
  last?.remove();
  const map = L.map(box, { zoomSnap: 0.25, minZoom: 6, maxZoom: 17, zoomAnimation: false, fadeAnimation: false, scrollWheelZoom: false });
  last = map;
  map.attributionControl.setPrefix("Leaflet");
  for (const [button, key] of [[map.zoomControl._zoomInButton, "zoom_in"], [map.zoomControl._zoomOutButton, "zoom_out"]]) {
    button.title = t(key);
    button.setAttribute("aria-label", t(key));
  }
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", t("spot"));
  const ground = L.geoJSON(city.districts, { filter: (one) => one.geometry.type.endsWith("Polygon"), style: GROUND, interactive: false }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  const at = ({ longitude, latitude }) => L.latLng(latitude, longitude);
  const points = examples.filter((one) => one.location).map((one) => at(one.location));
  const vague = proposal.location_basis === "district";
  const spot = L.circleMarker([0, 0], { ...SPOT, dashArray: vague ? "4 3" : null });
  spot.on("add", () => spot.getElement().setAttribute("data-spot", vague ? "district" : "reports"));
  const frame = [...points, ...(proposal.location ? [at(proposal.location)] : [])];
  if (vague) map.fitBounds(boundsOf(ground, proposal.districts[0]?.id));
  else if (frame.length) map.fitBounds(L.latLngBounds(frame).pad(0.4), { maxZoom: 14 });
  else if (ground.getLayers().length) map.fitBounds(ground.getBounds());
  else map.setView([0, 0], 6);
  for (const point of points) L.circleMarker(point, { ...REPORT, interactive: false }).addTo(map);
  if (proposal.location) spot.setLatLng(at(proposal.location)).addTo(map);
  names(map);
  places(map);
  if (choose) map.on("click", ({ latlng }) => choose(latlng));
  box.classList.toggle("choosing", Boolean(choose));
  return {
    /** Put the proposed place elsewhere. */
    move(point) {
      if (!point || !Number.isFinite(point.longitude) || !Number.isFinite(point.latitude)) return;
      spot.setStyle({ dashArray: null }).setLatLng(at(point)).addTo(map);
    },
  };
}

function boundsOf(ground, district) {
  const layer = ground.getLayers().find((one) => one.feature.id === district);
  return (layer ?? ground).getBounds();
}

/** The districts' names, where they have room. */
function names(map) {
  for (const feature of city.districts) {
    const { longitude, latitude } = feature.properties.centroid;
    const text = el("span", { className: "area-name" }, own(feature.properties, "name"));
    L.marker([latitude, longitude], { icon: L.divIcon({ className: "area-label", html: text, iconSize: null }), interactive: false, keyboard: false }).addTo(map);
  }
}

/** The places that the city knows, with those of their names that have room. */
async function places(map) {
  known ??= askFeatures("places.geojson", {}, MOST).catch(() => ({ features: [] }));
  const { features } = await known;
  if (map !== last) return; // another one is open meanwhile
  const marks = features.map((one) => {
    const text = el("span", {}, own(one.properties, "name"));
    const [longitude, latitude] = one.geometry.coordinates;
    const icon = L.divIcon({ className: "known-place", html: text, iconSize: null });
    return { text, marker: L.marker([latitude, longitude], { icon, interactive: false, keyboard: false }).addTo(map) };
  });
  const sort = () => {
    const taken = [];
    const bounds = map.getBounds().pad(0.2);
    for (const { marker, text } of marks) {
      const at = map.latLngToLayerPoint(marker.getLatLng());
      const box = [at.x, at.y - 9, at.x + 12 + text.offsetWidth, at.y + 9];
      const hidden = !bounds.contains(marker.getLatLng()) || taken.some((one) => box[0] < one[2] && one[0] < box[2] && box[1] < one[3] && one[1] < box[3]);
      text.style.visibility = hidden ? "hidden" : "visible";
      if (!hidden) taken.push(box);
    }
  };
  map.on("moveend", sort);
  sort();
}
