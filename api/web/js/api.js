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

/** All features of a GeoJSON list, page by page along the Link headers, up to `most`; cut: there were more. */
export async function askFeatures(path, parameters, most, signal) {
  const features = [];
  let next = address(path, { ...parameters, limit: Math.min(PAGE, most) });
  while (next && features.length < most) {
    const { body, response } = await answer(next, signal);
    features.push(...body.features);
    const link = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("Link") ?? "");
    next = link && new URL(link[1], response.url).href;
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

function address(path, parameters) {
  const url = new URL(path, document.baseURI);
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined) url.searchParams.append(key, value);
  }
  return url.href;
}

async function answer(url, signal) {
  let response;
  try {
    response = await fetch(url, { signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("", "", 0);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(body?.title ?? response.statusText, body?.detail ?? "", response.status);
  return { body, response };
}
