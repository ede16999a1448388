// The rows around the transcript: the heading, the strip that stands for side panes, the line above the input.
import { basename } from "node:path";
import { oneLine } from "../../../text/neutralise.ts";
import type { Canvas, Span } from "../../cells/types.ts";
import { draftKind } from "../../editor/draft.ts";
import { heldMessages, planOf } from "../../model/select.ts";
import { doneShare, remainingMs } from "../../model/select-jobs.ts";
import type { Model } from "../../model/state.ts";
import { count, duration, percent } from "../../text/words.ts";
import { ruleRow } from "../frame.ts";
import { marksOf } from "../marks.ts";
import { type Segment, segmentsRow } from "../segments.ts";
import { matches } from "../transcript/find.ts";
import { newBelow } from "../transcript/list.ts";
import type { Ui } from "../ui.ts";
import type { Rendering } from "../view.ts";
import { curveInShort } from "./chart.ts";
import { shownJob } from "./jobs.ts";

/** The heading over the main pane: whose session this is. */
export function sessionTitle({ session }: Model, { look }: Rendering): Span[] {
  const { theme } = look;
  const place = session.cwd === "" ? "" : basename(session.cwd);
  const name = session.name ?? place;
  return [
    { text: "ml-intern", style: theme.strong },
    { text: name === "" ? "" : `${marksOf(look).dot}${oneLine(name, 60)}`, style: theme.text },
  ];
}

/** Where the session works, for the end of the heading. */
export function sessionFacts({ session }: Model, { look }: Rendering): Span[] {
  if (session.cwd === "") return [];
  return [{ text: oneLine(session.cwd, 60), style: look.theme.dim }];
}

/** Paints what side panes would tell, on a canvas of one row. */
export function paintStrip<D>(model: Model, ui: Ui<D>, { look }: Rendering, canvas: Canvas): void {
  const { theme } = look;
  const marks = marksOf(look);
  const job = shownJob(model, ui);
  const running = model.jobs.filter(({ state }) => state === "running").length;
  const { done, total, current } = planOf(model);
  const segments: Segment[] = [];
  if (job !== null) {
    const share = doneShare(job);
    const left = remainingMs(job, model.screen.now);
    const far = share === null ? "" : ` ${percent(share)}`;
    const eta = left === null ? "" : ` eta ${duration(left)}`;
    const title = oneLine(job.title === "" ? job.tool : job.title, 28);
    segments.push({
      spans: [{ text: ` jobs ${running === 0 ? "over" : running}: ${title}${far}${eta}`, style: theme.text }],
      weight: 3,
    });
    const curve = curveInShort(job, ui.jobs.filter, 8, look.ascii === true);
    if (curve !== null) segments.push({ spans: [{ text: curve, style: theme.accent }], weight: 2 });
  }
  if (total > 0) {
    const now = current === null ? "" : ` ${marks.current} ${oneLine(current, 36)}`;
    const lead = segments.length === 0 ? " " : "";
    segments.push({ spans: [{ text: `${lead}plan ${done}/${total}`, style: theme.text }], weight: 4 });
    if (now !== "") segments.push({ spans: [{ text: now.trim(), style: theme.dim }], weight: 1 });
  }
  canvas.row(
    0,
    0,
    segmentsRow(segments, canvas.width, { text: marks.dot, style: theme.dim }),
    canvas.width,
    theme.text,
  );
}

/** Paints the line above the input: what the keys do, or the search; and what came while the reader was elsewhere. */
export function paintRule<D>(model: Model, ui: Ui<D>, view: Rendering, canvas: Canvas, atEnd: boolean): void {
  const { look } = view;
  const facts = belowSpans(model, ui, view, atEnd);
  const title = ui.find === null ? inputTitle(model, ui, view, facts.length === 0) : findTitle(model, ui, view);
  const heading = { title, facts, focused: ui.focus === "input" || ui.focus === "find" };
  canvas.row(0, 0, ruleRow(heading, canvas.width, look), canvas.width, look.theme.border);
}

/** What is below the rows in sight; nothing while the end is. */
export function belowSpans<D>(model: Model, ui: Ui<D>, { look, keyOf }: Rendering, atEnd: boolean): Span[] {
  if (atEnd || ui.scroll.kind === "follow") return [];
  const fresh = newBelow(model, ui.scroll);
  const key = keyOf("transcript.follow");
  const text = fresh === 0 ? "more below" : `${count(fresh)} new below`;
  return [{ text: key === null ? text : `${text}, ${key} to follow`, style: look.theme.warn }];
}

function inputTitle<D>(model: Model, ui: Ui<D>, { look, keyOf }: Rendering, withKeys: boolean): Span[] {
  if (ui.recall !== null) {
    const { query, at } = ui.recall;
    return [
      { text: "sent before: ", style: look.theme.strong },
      { text: oneLine(query, 80), style: look.theme.text },
      { text: query !== "" && at === null ? "  nothing found" : "", style: look.theme.dim },
    ];
  }
  if (ui.replay !== null) return [{ text: "replay of a saved session: nothing is run", style: look.theme.text }];
  const send = keyOf("input.send");
  const line = keyOf("input.newline");
  const held = heldMessages(model);
  if (held > 0) {
    const waits = held === 1 ? "1 message waits" : `${count(held)} messages wait`;
    const how = send === null ? "" : `: ${send} without a text sends ${held === 1 ? "it" : "them"}`;
    return [{ text: `${waits}${how}`, style: look.theme.warn }];
  }
  const style = ui.focus === "input" ? look.theme.text : look.theme.dim;
  if (draftKind(ui.editor.lines) === "command") {
    const how = send === null ? "" : `${send} runs it, `;
    return [
      { text: "your command", style: look.theme.strong },
      { text: withKeys ? ` (${how}the model sees what it prints)` : "", style: look.theme.dim },
    ];
  }
  const isAtWork = model.turn !== null;
  const steer = isAtWork ? keyOf("input.steer") : null;
  const words = [
    ...(send === null ? [] : [`${send} ${isAtWork ? "queue" : "send"}`]),
    ...(steer === null ? [] : [`${steer} send now`]),
    ...(line === null ? [] : [`${line} newline`]),
  ];
  return [
    { text: "message", style },
    { text: !withKeys || words.length === 0 ? "" : ` (${words.join(", ")})`, style: look.theme.dim },
  ];
}

function findTitle<D>(model: Model, { find }: Ui<D>, { look }: Rendering): Span[] {
  if (find === null) return [];
  const found = matches(model, find.query);
  const at = find.block === null ? 0 : found.indexOf(find.block) + 1;
  const where =
    find.query === ""
      ? ""
      : found.length === 0
        ? "  nothing found"
        : at === 0
          ? `  in ${found.length === 1 ? "1 entry" : `${count(found.length)} entries`}`
          : `  entry ${count(at)} of ${count(found.length)}`;
  return [
    { text: findLabel, style: look.theme.strong },
    { text: oneLine(find.query, 80), style: look.theme.text },
    { text: where, style: look.theme.dim },
  ];
}

/** What stands before the query of a search, two cells into the line. */
export const findLabel = "search: ";
