// Asking the service. Addresses are relative, so that the page also works behind a prefix.

const PAGE = 500;

/** What the service says is wrong (RFC 9457), or that it does not answer. */
export class Problem extends Error {
  constructor(title, detail, status) {
    super(detail || title);
    this.title = title;
    this.detail = detail;
    this.status = status;
  }
}

/** The JSON of an address; parameters that are null are left out. */
export async function ask(path, parameters = {}, signal = undefined) {
  return (await answer(address(path, parameters), signal)).body;
}

/** A page of a list, and the address of the next one (null on the last); path: also such an address. */
export async function askPage(path, parameters = {}, signal = undefined) {
  const { body, response } = await answer(address(path, parameters), signal);
  return { rows: body, next: nextOf(response) };
}

/** The JSON that a body, sent by POST, is answered with. key: the API key, for what is kept. */
export async function send(path, body, signal = undefined, key = undefined) {
  const headers = { "Content-Type": "application/json", ...(key && { "X-API-Key": key }) };
  return (await answer(address(path, {}), signal, { method: "POST", headers, body: JSON.stringify(body) })).body;
}

/** All features of a GeoJSON list, page by page along the Link headers, up to `most`; cut: there were more. */
export async function askFeatures(path, parameters, most, signal) {
  const features = [];
  let next = address(path, { ...parameters, limit: Math.min(PAGE, most) });
  while (next && features.length < most) {
    const { body, response } = await answer(next, signal);
    features.push(...body.features);
    next = nextOf(response);
  }
  return { features: features.slice(0, most), cut: Boolean(next) };
}

/** Report counts of a period. */
export function askCounts(parameters, signal) {
  return ask("graph/counts", parameters, signal);
}

/** An id as part of a path. */
export function part(id) {
  return encodeURIComponent(id).replaceAll("%3A", ":");
}

function nextOf(response) {
  const link = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("Link") ?? "");
  return link && new URL(link[1], response.url).href;
}

function address(path, parameters) {
  const url = new URL(path, document.baseURI);
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined) url.searchParams.append(key, value);
  }
  return url.href;
}

async function answer(url, signal, { headers = {}, ...request } = {}) {
  let response;
  try {
    response = await fetch(url, { signal, ...request, headers: { Accept: "application/json", ...headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("", "", 0);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(body?.title ?? response.statusText, body?.detail ?? "", response.status);
  return { body, response };
}
