// Learning curves as an SVG file: the metric on validation rows against the number of training rows.

const WIDTH = 720;
const HEIGHT = 440;
const FRAME = { left: 72, right: 150, top: 48, bottom: 56 };
const COLOURS = { baseline: "#8a8f98", linear: "#2f6fde", neighbours: "#e08a1e", boosting: "#2a9d5c" };

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const px = (value) => value.toFixed(1);

/** Round steps (1, 2 or 5 times a power of ten) that cover a range in about five parts. */
export function ticks(low, high) {
  const rough = (high - low) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const values = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    values.push(Number((i * step).toPrecision(10)));
  return values;
}

/** Keeps labels of curves apart: moves each down to at least `gap` below the one above it. */
function spread(labels, gap) {
  const sorted = labels.slice().sort((a, b) => a.y - b.y);
  for (let i = 1; i < sorted.length; i++) sorted[i].y = Math.max(sorted[i].y, sorted[i - 1].y + gap);
  return sorted;
}

const range = (points) => [Math.min(...points.map(({ mean }) => mean)), Math.max(...points.map(({ mean }) => mean))];

/** A baseline far away from all models would squeeze their curves together: it is then named and not drawn. */
function worthDrawing(results) {
  const models = results.filter(({ candidate }) => candidate !== "baseline");
  const beyond = results.find(({ candidate }) => candidate === "baseline");
  if (models.length === 0 || beyond === undefined) return { drawn: results, beyond: null };
  const [low, high] = range(models.flatMap(({ curve }) => curve));
  const [nearest, furthest] = range(beyond.curve);
  const gap = Math.max(low - furthest, nearest - high);
  return gap > 1.5 * (high - low) ? { drawn: models, beyond } : { drawn: results, beyond: null };
}

/** Draws results `[{ candidate, curve: [{ rows, mean, sd }] }]`. The rows are on a logarithmic scale, bars are ± one sd. */
export function plot(results, metric, title) {
  const { drawn, beyond } = worthDrawing(results);
  const points = drawn.flatMap((result) => result.curve);
  const rows = [...new Set(points.map((point) => point.rows))].sort((a, b) => a - b);
  const low = Math.min(...points.map((point) => point.mean - point.sd));
  const high = Math.max(...points.map((point) => point.mean + point.sd));
  const pad = (high - low || Math.abs(high) || 1) * 0.05;
  const yTicks = ticks(low - pad, high + pad);
  const right = WIDTH - FRAME.right;
  const bottom = HEIGHT - FRAME.bottom;
  const span = Math.log(rows.at(-1) / rows[0]) || 1;
  const toX = (value) =>
    FRAME.left + (rows.length === 1 ? 0.5 : Math.log(value / rows[0]) / span) * (right - FRAME.left);
  const toY = (value) => bottom - ((value - low + pad) / (high - low + 2 * pad)) * (bottom - FRAME.top);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${FRAME.left}" y="28" font-size="16" font-weight="600" fill="#1d2129">${escaped(title)}</text>`,
  ];
  for (const value of yTicks) {
    lines.push(
      `<line x1="${FRAME.left}" x2="${right}" y1="${px(toY(value))}" y2="${px(toY(value))}" stroke="#e6e8ec"/>`,
    );
    lines.push(
      `<text x="${FRAME.left - 8}" y="${px(toY(value) + 4)}" text-anchor="end" fill="#5b616b">${value}</text>`,
    );
  }
  for (const value of rows) {
    lines.push(`<text x="${px(toX(value))}" y="${bottom + 20}" text-anchor="middle" fill="#5b616b">${value}</text>`);
  }
  lines.push(
    `<text x="${px((FRAME.left + right) / 2)}" y="${HEIGHT - 14}" text-anchor="middle" fill="#1d2129">training rows</text>`,
  );
  lines.push(
    `<text x="18" y="${px((FRAME.top + bottom) / 2)}" text-anchor="middle" fill="#1d2129" transform="rotate(-90 18 ${px((FRAME.top + bottom) / 2)})">${escaped(metric)} on validation rows</text>`,
  );
  for (const { candidate, curve } of drawn) {
    const colour = COLOURS[candidate] ?? "#1d2129";
    lines.push(`<g stroke="${colour}" fill="none" stroke-width="2">`);
    lines.push(
      `<polyline points="${curve.map((point) => `${px(toX(point.rows))},${px(toY(point.mean))}`).join(" ")}"/>`,
    );
    for (const { rows: at, mean, sd } of curve) {
      lines.push(
        `<line x1="${px(toX(at))}" x2="${px(toX(at))}" y1="${px(toY(mean - sd))}" y2="${px(toY(mean + sd))}" stroke-width="1.2"/>`,
      );
      lines.push(`<circle cx="${px(toX(at))}" cy="${px(toY(mean))}" r="3" fill="${colour}"/>`);
    }
    lines.push("</g>");
  }
  const labels = drawn.map(({ candidate, curve }) => ({ candidate, y: toY(curve.at(-1).mean) }));
  for (const { candidate, y } of spread(labels, 16)) {
    lines.push(
      `<text x="${right + 12}" y="${px(y + 4)}" fill="${COLOURS[candidate] ?? "#1d2129"}">${escaped(candidate)}</text>`,
    );
  }
  if (beyond !== null) {
    const text = `baseline: ${beyond.curve.at(-1).mean}, off the scale`;
    lines.push(`<text x="${right}" y="${FRAME.top - 8}" text-anchor="end" fill="${COLOURS.baseline}">${text}</text>`);
  }
  return `${[...lines, "</svg>"].join("\n")}\n`;
}
