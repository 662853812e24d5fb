// Where the nodes of a small graph go: springs along edges, repulsion between all, the middle node pinned.
// After Fruchterman & Reingold 1991, cooled in a fixed number of steps; the same graph is always drawn the same.

const STEPS = 320;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Positions by key for `keys` (the first is the middle) and `edges` ([key, key]) in a box; at most a few hundred nodes. */
export function layout(keys, edges, width, height, margin) {
  const at = new Map(keys.map((key, index) => [key, index]));
  const pairs = edges.map(([source, target]) => [at.get(source), at.get(target)]).filter(([a, b]) => a !== b);
  const degree = new Array(keys.length).fill(0);
  for (const [a, b] of pairs) degree[a]++, degree[b]++;
  const x = keys.map((_, index) => Math.sqrt(index) * Math.cos(index * GOLDEN) * 20);
  const y = keys.map((_, index) => Math.sqrt(index) * Math.sin(index * GOLDEN) * 20);
  const ideal = 0.75 * Math.sqrt((width * height) / Math.max(keys.length, 6));
  for (let step = 0; step < STEPS; step += 1) {
    const heat = (ideal / 2) * (1 - step / STEPS) ** 1.5 + 0.1;
    const dx = new Array(keys.length).fill(0);
    const dy = new Array(keys.length).fill(0);
    repel(x, y, dx, dy, ideal);
    for (const [a, b] of pairs) pull(a, b, x, y, dx, dy, ideal, degree);
    for (let node = 1; node < keys.length; node += 1) {
      dx[node] -= x[node] * 0.02 * (width < height ? 1.6 : 1);
      dy[node] -= y[node] * 0.02 * (height < width ? 1.6 : 1);
      const length = Math.hypot(dx[node], dy[node]) || 1;
      x[node] += (dx[node] / length) * Math.min(length, heat);
      y[node] += (dy[node] / length) * Math.min(length, heat);
    }
  }
  return scaled(keys, x, y, width, height, margin);
}

function repel(x, y, dx, dy, ideal) {
  for (let a = 0; a < x.length; a += 1) {
    for (let b = a + 1; b < x.length; b += 1) {
      const east = x[a] - x[b] || 0.01;
      const north = y[a] - y[b] || 0.01;
      const push = (ideal * ideal) / (east * east + north * north);
      dx[a] += east * push;
      dy[a] += north * push;
      dx[b] -= east * push;
      dy[b] -= north * push;
    }
  }
}

function pull(a, b, x, y, dx, dy, ideal, degree) {
  const east = x[a] - x[b];
  const north = y[a] - y[b];
  // Leaves of a hub may lie farther from it, so that there is room for all of them.
  const spring = Math.hypot(east, north) / (ideal * (1 + Math.max(degree[a], degree[b]) / 24));
  dx[a] -= east * spring;
  dy[a] -= north * spring;
  dx[b] += east * spring;
  dy[b] += north * spring;
}

/** Fit into the box, each direction by itself but never magnified much. */
function scaled(keys, x, y, width, height, margin) {
  const fit = (values, room, pad) => {
    const least = Math.min(...values);
    const span = Math.max(...values) - least || 1;
    const scale = Math.min((room - 2 * pad) / span, 1.6);
    const start = (room - span * scale) / 2;
    return values.map((value) => start + (value - least) * scale);
  };
  const across = fit(x, width, margin);
  const down = fit(y, height, Math.min(margin, 26));
  return new Map(keys.map((key, index) => [key, { x: across[index], y: down[index] }]));
}
