// Charts of measurements.
export { type ChartOptions, chart } from "./plot/chart.ts";
export { type Line, lineOf, lineOfValues, type Point, smoothed } from "./plot/points.ts";
export type { Range } from "./plot/scale.ts";
export { seriesSentence } from "./plot/sentence.ts";
export { sparkline } from "./plot/sparkline.ts";
