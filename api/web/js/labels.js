// Names on the map: districts first, then subdistricts when near; a name that would cover another stays away.

import { city } from "./city.js";
import { el } from "./dom.js";
import { own } from "./texts.js";

const NEAR = 12; // the zoom from which subdistricts are named
const KIND = /(街道| Subdistrict| Town)$/; // what kind of area it is goes without saying, and room is short
const { L } = globalThis;

/** A layer of names that sorts itself out after each zoom. */
export function nameLayer(map) {
  const layer = L.layerGroup().addTo(map);
  let labels = [];

  const sort = () => {
    const taken = [];
    for (const { marker, text, near } of labels) {
      const at = map.latLngToLayerPoint(marker.getLatLng());
      const wide = text.offsetWidth / 2 + 3;
      const high = text.offsetHeight / 2 + 1;
      const box = [at.x - wide, at.y - high, at.x + wide, at.y + high];
      const hidden = (near && map.getZoom() < NEAR) || taken.some((other) => overlap(box, other));
      text.style.visibility = hidden ? "hidden" : "visible";
      if (!hidden) taken.push(box);
    }
  };
  map.on("zoomend resize", sort);

  return {
    /** Write all names in the language shown. */
    draw() {
      layer.clearLayers();
      labels = [...city.districts.map((one) => label(one, false)), ...city.subdistricts.map((one) => label(one, true))];
      for (const { marker } of labels) marker.addTo(layer);
      sort();
    },
  };
}

function label(feature, near) {
  const name = own(feature.properties, "name");
  const text = el("span", { className: near ? "area-name area-name-near" : "area-name" }, near ? name.replace(KIND, "") : name);
  const { longitude, latitude } = feature.properties.centroid;
  const icon = L.divIcon({ className: "area-label", html: text, iconSize: null });
  return { marker: L.marker([latitude, longitude], { icon, pane: near ? "near-names" : "names", interactive: false, keyboard: false }), text, near };
}

function overlap(first, second) {
  return first[0] < second[2] && second[0] < first[2] && first[1] < second[3] && second[1] < first[3];
}
