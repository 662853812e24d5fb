// Numbers, times and reasons as people read them.

import { state } from "./state.js";
import { known, t } from "./texts.js";

const WEEK = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
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

/** From one moment to another; null is open. */
export function span(start, end) {
  if (start && end) return t("from_to", { from: moment(start), to: moment(end) });
  if (start) return t("open_from", { from: moment(start) });
  return end ? t("open_to", { to: moment(end) }) : "";
}

/** How often something happens: an RFC 5545 rule in words where it is a usual one, else as it is. */
export function repeated(rule) {
  const parts = new Map(rule.split(";").map((part) => part.split("=")));
  const [often, days] = [parts.get("FREQ"), parts.get("BYDAY")];
  if (often === "WEEKLY" && days && parts.size === 2) {
    const name = new Intl.DateTimeFormat(locale(), { weekday: state.lang === "zh" ? "narrow" : "long", timeZone: "UTC" });
    const named = days.split(",").map((one) => name.format(new Date(Date.UTC(2024, 0, 1 + WEEK.indexOf(one))))); // a Monday
    return t("repeat_on", { days: named.join(state.lang === "zh" ? "、" : ", ") });
  }
  return parts.size === 1 ? known(`repeat_${often}`, rule) : rule;
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
