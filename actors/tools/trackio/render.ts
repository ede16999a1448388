// What a model reads of Trackio's records. Curves come as lines of `METRIC step=N run=value`: short, and the same that
// the screen draws as curves wherever a program prints them.
import { grouped, oneLine } from "../cap.ts";
import type { MetricSummary, ProjectList, RunList, RunRecord, Value } from "./answer.ts";

const shown = (value: Value | null): string => (value === null ? "none" : String(value));
const at = (step: number | null): string => (step === null ? "" : ` at ${step}`);
const and = (count: number, what: string): string[] => (count === 0 ? [] : [`  … and ${grouped(count)} more ${what}`]);

/** The list of projects. */
export function renderProjects({ dir, projects, more_projects }: ProjectList): string {
  if (projects.length === 0) return `Trackio has no project in ${dir}.`;
  return [`Projects in ${dir}:`, ...projects, ...and(more_projects, "projects")].join("\n");
}

/** What the runs of a project came to, or the curve of one of their metrics. */
export function renderRuns(list: RunList): string {
  const head = list.metric === null ? `Project ${list.project}` : `${list.metric} of the project ${list.project}`;
  const count = `${list.runs.length} of ${grouped(list.runs.length + list.more_runs)} runs, the newest first`;
  const body = list.metric === null ? list.runs.flatMap(overviewOf) : curvesOf(list.runs, list.metric);
  return [`${head}: ${count}.`, ...body].join("\n");
}

function overviewOf(run: RunRecord): string[] {
  const config = Object.entries(run.config).map(([key, value]) => `${key}=${value}`);
  return [
    "",
    `${oneLine(run.name, 80)}: ${run.step === null ? "no step" : `step ${run.step}`}${run.last === "" ? "" : `, last logged ${run.last}`}`,
    ...(config.length === 0 ? [] : [`  config: ${oneLine(config.join(" "), 600)}`]),
    ...Object.entries(run.metrics).map(([name, metric]) => `  ${oneLine(name, 80)}: ${summaryOf(metric)}`),
    ...and(run.more_metrics, "metrics"),
    ...run.alerts.map(alertLine),
    ...and(run.more_alerts, "alerts before these"),
  ];
}

function alertLine({ level, step, title, text }: RunRecord["alerts"][number]): string {
  return `  ${oneLine(`alert ${level}${at(step)}: ${title}${text === "" ? "" : `: ${text}`}`, 300)}`;
}

function summaryOf(metric: MetricSummary): string {
  const { last, step, min, min_step, max, max_step, count, not_finite, not_finite_from } = metric;
  const ends = `last ${shown(last)}${at(step)}, min ${shown(min)}${at(min_step)}, max ${shown(max)}${at(max_step)}`;
  const broken = not_finite === 0 ? "" : `; NOT FINITE: ${grouped(not_finite)}${from(not_finite_from)}`;
  return `${ends} (${grouped(count)} logged)${broken}`;
}

function from(step: number | null): string {
  return step === null ? "" : `, first at step ${step}`;
}

/** Every run's summary, then a line a step. */
function curvesOf(runs: readonly RunRecord[], metric: string): string[] {
  const labels = labelsFor(runs.map(({ name }) => name));
  const heads = runs.map((run, index) => {
    const { points, points_in_all: all, name } = run;
    const label = labels[index] === name ? name : `${labels[index]} (${oneLine(name, 80)})`;
    const part = points.length === all ? "" : `; ${grouped(points.length)} of ${grouped(all)} points below`;
    const summary = run.metrics[metric];
    return `${label}: ${summary === undefined ? "" : summaryOf(summary)}${part}`;
  });
  const steps = new Map<number, string[]>();
  for (const [index, { points }] of runs.entries()) {
    for (const [step, value] of points) {
      const entry = `${labels[index]}=${value}`;
      const line = steps.get(step);
      if (line === undefined) steps.set(step, [entry]);
      else line.push(entry);
    }
  }
  const lines = [...steps].sort(([one], [other]) => one - other);
  return [...heads, ...lines.map(([step, entries]) => `METRIC step=${step} ${entries.join(" ")}`)];
}

/** A name for each run by which readers of such lines know it: a letter first, no spaces, each once. */
function labelsFor(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replace(/[^\w./@-]+/g, "_").slice(0, 40);
    const base = /^[A-Za-z]/.test(plain) ? plain : `run_${plain}`;
    let label = base;
    for (let count = 2; taken.has(label); count++) label = `${base}-${count}`;
    taken.add(label);
    return label;
  });
}
