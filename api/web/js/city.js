// What holds for the whole page: the city, its clock, its districts and categories.

import { ask, askFeatures } from "./api.js";
import { useZone } from "./format.js";
import { own } from "./texts.js";

/** Colours of the four top categories, in the order they are shown. */
export const COLOURS = { littering: "#b7791f", noise: "#6b46c1", obstruction: "#c53030", other: "#4a5568" };
export const TOPS = Object.keys(COLOURS);

export const city = { health: null, now: new Date(), districts: [], subdistricts: [], categories: new Map(), synthetic: false };

/** Read it all; raises Problem. */
export async function loadCity() {
  const [health, districts, subdistricts, categories, latest] = await Promise.all([
    ask("health"),
    askFeatures("areas.geojson", { kind: "district" }, 2000),
    askFeatures("areas.geojson", { kind: "subdistrict" }, 2000),
    ask("categories"),
    ask("reports", { limit: 20 }),
  ]);
  useZone(health.timezone);
  city.health = health;
  city.now = new Date(health.clock);
  city.districts = districts.features;
  city.subdistricts = subdistricts.features;
  city.categories = new Map(categories.map((one) => [one.code, one]));
  city.synthetic = latest.some((report) => report.synthetic);
}

/** littering.dumping → littering; what is none of the four counts as other. */
export function top(code) {
  const first = code.split(".", 1)[0];
  return first in COLOURS ? first : "other";
}

export const colour = (code) => COLOURS[top(code)];

export const categoryName = (code) => own(city.categories.get(code), "name") || code;

export function districtName(id) {
  const found = city.districts.find((feature) => feature.id === id);
  return found ? own(found.properties, "name") : "";
}
