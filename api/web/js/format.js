// Numbers, times and reasons as people read them.

import { state } from "./state.js";
import { t } from "./texts.js";

let zone = "UTC";

/** Times are shown in the city's zone. */
export function useZone(name) {
  zone = name;
}

const locale = () => (state.lang === "zh" ? "zh-CN" : "en-GB");

export const number = (value, digits = 0) =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);

/** A share in percent; small and nearly whole ones are not rounded to nothing and to all. */
export function percent(value) {
  if (value > 0 && value < 0.01) return "<1%";
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: value > 0.99 && value < 1 ? 1 : 0 }).format(value);
}

/** A moment, to the minute. */
export function moment(iso) {
  const shape = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(locale(), { ...shape, timeZone: zone }).format(new Date(iso));
}

/** A day, given as YYYY-MM-DD. */
export function day(iso, shape = { year: "numeric", month: "short", day: "numeric" }) {
  return new Intl.DateTimeFormat(locale(), { ...shape, timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

/** The city-local day of a moment, as YYYY-MM-DD. */
export const dayOf = (date) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(date);

/** How long before the city's now. */
export function ago(iso, now) {
  const minutes = Math.round((now - new Date(iso)) / 60000);
  if (minutes < 1) return t("ago_now");
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  if (minutes < 60) return words.format(-minutes, "minute");
  if (minutes < 36 * 60) return words.format(-Math.round(minutes / 60), "hour");
  if (minutes < 60 * 24 * 60) return words.format(-Math.round(minutes / 60 / 24), "day");
  return words.format(-Math.round(minutes / 60 / 24 / 30), "month");
}

export const distance = (metres) =>
  metres < 1000 ? t("metres", { metres: number(metres) }) : t("km", { km: number(metres / 1000, 1) });

/** Why a report joined its incident: the graph's English words in the language shown, or as they are. */
export function whyJoined(why, placeName) {
  let found;
  if (why === "opened it") return t("opened");
  if ((found = /^(\d+) m apart, texts (\d+)% alike$/.exec(why))) {
    return t("apart", { metres: distance(Number(found[1])), alike: percent(found[2] / 100) });
  }
  if ((found = /^at the same place (\S+), texts (\d+)% alike$/.exec(why))) {
    return t("same_place", { place: placeName || t("this_place"), alike: percent(found[2] / 100) });
  }
  if ((found = /^texts (\d+)% alike, place not contradicted$/.exec(why))) {
    return t("only_text", { alike: percent(found[1] / 100) });
  }
  return why;
}
