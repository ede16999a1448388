// What goes on beside the conversation: the plan, files that were changed, parts that failed, the spending.
import { oneLine } from "../../../text/neutralise.ts";
import { cutRow } from "../../cells/layout.ts";
import type { Canvas, Row, Span } from "../../cells/types.ts";
import type { Block } from "../../model/blocks.ts";
import { cachedShare, costOf, planOf } from "../../model/select.ts";
import type { Model } from "../../model/state.ts";
import { count, money, percent, tokens } from "../../text/words.ts";
import { paintRows, textCells } from "../frame.ts";
import { marksOf } from "../marks.ts";
import { twoEnded } from "../transcript/laid.ts";
import type { Rendering } from "../view.ts";
import { planRows } from "./plan-rows.ts";

/** A file that calls of the session have changed, in lines. */
interface ChangedFile {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
}

/** Sub-agents that are listed. */
const mostAgents = 5;

/** The files that were changed, the newest change first. */
function changedFiles(blocks: readonly Block[]): ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (const block of blocks) {
    if (block.kind !== "call" || block.result?.change == null || block.result.outcome !== "done") continue;
    const { path, added, removed } = block.result.change;
    const before = files.get(path) ?? { path, added: 0, removed: 0 };
    files.delete(path);
    files.set(path, { path, added: before.added + (added ?? 0), removed: before.removed + (removed ?? 0) });
  }
  return [...files.values()].reverse();
}

/** Paints the plan. */
export function paintPlan(model: Model, { look }: Rendering, canvas: Canvas): void {
  if (model.plan.length === 0) {
    canvas.text(1, 0, "there is no plan yet", look.theme.dim);
    return;
  }
  const rows = planRows(model.plan, textCells(canvas.width), look);
  // Where not all of it fits, the step that is under way stays in sight.
  const before = model.plan.slice(0, currentStep(model));
  const at = planRows(before, textCells(canvas.width), look).length;
  paintRows(canvas, rows, look, Math.max(0, Math.min(rows.length - canvas.height, at - 1)));
}

/** How far the plan is, for a heading. */
export function planTitle(model: Model): string {
  const { done, total } = planOf(model);
  return total === 0 ? "plan" : `plan ${done}/${total}`;
}

/** Paints everything that goes on, section after section. `withPlan`: no other pane shows it. */
export function paintActivity(model: Model, view: Rendering, canvas: Canvas, withPlan: boolean): void {
  const width = textCells(canvas.width);
  const sections = [
    ...(withPlan && model.plan.length > 0
      ? [section(planTitle(model), planRows(model.plan, width, view.look), width, view)]
      : []),
    agentRows(model, width, view),
    fileRows(model, width, view, Math.max(3, Math.floor(canvas.height / 3))),
    healthRows(model, width, view),
    spendRows(model, width, view),
  ].filter((rows) => rows.length > 0);
  const rows = sections.flatMap((each, at) => (at === 0 ? each : [{ glyphs: [], styles: [] }, ...each]));
  paintRows(canvas, rows, view.look);
}

function section(title: string, rows: readonly Row[], width: number, { look }: Rendering): Row[] {
  return rows.length === 0 ? [] : [cutRow([{ text: title, style: look.theme.heading }], width), ...rows];
}

/** Who works for this session: a line each, and below it what those who work are doing. */
function agentRows({ agents }: Model, width: number, view: Rendering): Row[] {
  const { theme } = view.look;
  const marks = marksOf(view.look);
  const rows = agents.slice(-mostAgents).flatMap(({ label, doing, toolCalls, tokens: used, outcome }) => {
    const isDone = outcome === "done" || outcome === "partial";
    const mark = outcome === null ? marks.current : isDone ? marks.ok : marks.failed;
    const style = outcome === null ? theme.accent : isDone ? theme.ok : theme.error;
    const facts: Span[] = [{ text: ` ${count(toolCalls)} · ${tokens(used)}`, style: theme.dim }];
    const room = width - String(toolCalls).length - 12;
    const name = cutRow([{ text: oneLine(label, 200), style: theme.text }], Math.max(4, room));
    const head = twoEnded(
      [
        { text: `${mark} `, style },
        { text: name.glyphs.join(""), style: theme.text },
      ],
      facts,
      width,
    );
    if (outcome !== null || doing === "") return [head];
    return [head, cutRow([{ text: `  ${oneLine(doing, 200)}`, style: theme.dim }], width)];
  });
  const working = agents.filter(({ outcome }) => outcome === null).length;
  return section(working > 0 ? `agents ${working}` : `agents, ${agents.length} over`, rows, width, view);
}

function fileRows({ blocks, session }: Model, width: number, view: Rendering, most: number): Row[] {
  const { theme } = view.look;
  const shown = (path: string) => (path.startsWith(`${session.cwd}/`) ? path.slice(session.cwd.length + 1) : path);
  const files = changedFiles(blocks);
  const rows = files.slice(0, most).map(({ path, added, removed }) => {
    const facts: Span[] = [
      { text: `+${count(added)}`, style: theme.added },
      { text: ` -${count(removed)}`, style: theme.removed },
    ];
    const room = width - String(added).length - String(removed).length - 6;
    const name = cutRow([{ text: oneLine(shown(path), 400), style: theme.text }], Math.max(4, room), "end");
    return twoEnded([{ text: name.glyphs.join(""), style: theme.text }], facts, width);
  });
  const more = files.length - rows.length;
  if (more > 0)
    rows.push(cutRow([{ text: `${marksOf(view.look).more} ${count(more)} more`, style: theme.dim }], width));
  return section("files", rows, width, view);
}

function healthRows({ actors }: Model, width: number, view: Rendering): Row[] {
  const { theme } = view.look;
  const rows = actors.map(({ actor, restarts, reason }) =>
    cutRow(
      [
        { text: `${marksOf(view.look).warn} ${oneLine(actor, 30)} `, style: theme.warn },
        { text: `restarted ${restarts === 1 ? "once" : `${count(restarts)} times`}`, style: theme.text },
        { text: reason === "" ? "" : `: ${oneLine(reason, 120)}`, style: theme.dim },
      ],
      width,
    ),
  );
  return section("parts", rows, width, view);
}

function spendRows(model: Model, width: number, view: Rendering): Row[] {
  const { theme } = view.look;
  const cost = costOf(model);
  const { totals } = model.tokens;
  const cached = cachedShare(model);
  const line = (name: string, value: string): Row =>
    twoEnded([{ text: name, style: theme.dim }], [{ text: value, style: theme.text }], width);
  const rows = [
    line("spent", `${money(cost.spentUsd)}${cost.capUsd === null ? "" : ` of ${money(cost.capUsd)}`}`),
    ...(cost.assumedUsd > 0 ? [line("perhaps more", `up to ${money(cost.assumedUsd)}`)] : []),
    ...(cost.unbounded > 0
      ? [line("price not known", cost.unbounded === 1 ? "1 call" : `${count(cost.unbounded)} calls`)]
      : []),
    line("model calls", count(totals.calls)),
    line("tokens in, out", `${tokens(totals.promptTokens)}, ${tokens(totals.completionTokens)}`),
    ...(cached === null ? [] : [line("from the cache", percent(cached))]),
  ];
  return section("spend", rows, width, view);
}

function currentStep({ plan }: Model): number {
  const at = plan.findIndex(({ status }) => status !== "completed");
  return at < 0 ? Math.max(0, plan.length - 1) : at;
}
