// What the page shows, kept in the address after # so that a view can be sent to somebody.

const FIELDS = { tab: "map", lang: null, days: "30", district: "", category: "", incident: "", plan: "", stage: "open", proposal: "" };
const STAGES = new Set(["open", "candidate", "confirmed", "alias", "rejected"]);
const PERIODS = new Set(["7", "30", "60", "all"]);
const listeners = [];
export const state = { ...FIELDS };

/** Read the address; called once, before anything is drawn. */
export function startState() {
  read();
  state.lang ??= remembered() ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
  write();
  window.addEventListener("hashchange", () => {
    const before = { ...state };
    read();
    state.lang ??= before.lang;
    tell(before);
  });
}

/** Change some fields, write them to the address, and tell everybody which ones changed. */
export function change(fields) {
  const before = { ...state };
  Object.assign(state, fields);
  if ("lang" in fields) remember(fields.lang);
  write(state.incident !== before.incident || state.tab !== before.tab);
  tell(before);
}

/** Call `listener(changed)` after a change, with the set of names of the fields that changed. */
export function onChange(listener) {
  listeners.push(listener);
}

/** The top categories chosen, or null for all. */
export function chosenCategories() {
  return state.category ? new Set(state.category.split(",")) : null;
}

function tell(before) {
  const changed = new Set(Object.keys(FIELDS).filter((key) => state[key] !== before[key]));
  if (changed.size) for (const listener of listeners) listener(changed);
}

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const [key, usual] of Object.entries(FIELDS)) state[key] = given.get(key) ?? usual;
  if (!PERIODS.has(state.days)) state.days = FIELDS.days;
  if (!["zh", "en"].includes(state.lang)) state.lang = null;
  if (!STAGES.has(state.stage)) state.stage = FIELDS.stage;
  if (!["map", "plan", "places", "try"].includes(state.tab)) state.tab = FIELDS.tab;
}

/** A new incident or tab is a step that the browser's Back undoes; a filter is not. */
function write(step = false) {
  const given = new URLSearchParams();
  for (const [key, usual] of Object.entries(FIELDS)) if (state[key] !== usual) given.set(key, state[key]);
  const hash = `#${given.toString().replaceAll("%3A", ":").replaceAll("%2C", ",")}`;
  if (hash === location.hash) return;
  if (step) history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
}

function remembered() {
  try {
    return localStorage.getItem("citygraph.language");
  } catch {
    return null; // storage is off
  }
}

function remember(language) {
  try {
    localStorage.setItem("citygraph.language", language);
  } catch {
    // storage is off: the address still says it
  }
}
