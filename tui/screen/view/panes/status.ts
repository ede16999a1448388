// The bottom row: what is going on, what it costs, and which keys matter now. At 80 columns what matters most is left.
import { basename } from "node:path";
import { oneLine } from "../../../text/neutralise.ts";
import type { Canvas, Span } from "../../cells/types.ts";
import {
  cachedShare,
  costOf,
  heldMessages,
  type Phase,
  phaseOf,
  tryingMs,
  turnMs,
  windowShare,
} from "../../model/select.ts";
import type { Model } from "../../model/state.ts";
import { duration, money, percent, tokens } from "../../text/words.ts";
import { marksOf, turning } from "../marks.ts";
import { type Segment, segmentsRow } from "../segments.ts";
import type { Ui } from "../ui.ts";
import type { Rendering } from "../view.ts";
import { hintsOf } from "./hints.ts";
import { replaySegments } from "./replay.ts";

const words: Record<Phase, string> = {
  idle: "ready",
  over: "closed",
  interrupting: "stopping",
  approval: "needs you",
  compacting: "shortening",
  retrying: "trying again",
  trying: "trying",
  waiting: "waiting for the model",
  thinking: "thinking",
  writing: "writing",
  tools: "running",
  working: "working",
};

/** Shares of the window and of the budget from which on they are warned of, and marked as urgent. */
const high = 0.7;
const urgent = 0.9;

/** Paints the status bar on a canvas of one row. */
export function paintStatus<D>(model: Model, ui: Ui<D>, view: Rendering, canvas: Canvas): void {
  const { theme } = view.look;
  const { width } = canvas;
  const segments =
    ui.message === null ? segmentsOf(model, ui, view) : [messageSegment(ui.message, view), ...hints(model, ui, view)];
  const between = { text: marksOf(view.look).dot, style: theme.status };
  canvas.row(0, 0, segmentsRow(segments, width, between), width, theme.status);
}

function segmentsOf<D>(model: Model, ui: Ui<D>, view: Rendering): Segment[] {
  if (ui.replay !== null) return [...replaySegments(ui.replay, view), ...hints(model, ui, view)];
  if (model.session.id === "") return [beforeSegment(ui, view), ...hints(model, ui, view)];
  const { theme } = view.look;
  const fact = (weight: number, text: string, style = theme.status): Segment => ({ spans: [{ text, style }], weight });
  const { choice, queue, session, approval } = model;
  const cost = costOf(model);
  const cached = cachedShare(model);
  // The embedded stand-in does not think.
  const thinks = choice.effort !== "off" && !choice.model.startsWith("offline/");
  const effort = thinks ? ` ${choice.effort}` : "";
  // More than this may have been charged already, or is set aside.
  const known = `${money(cost.spentUsd)}${cost.assumedUsd > 0 ? "+" : ""}`;
  const spent = cost.capUsd === null ? known : `${known} of ${money(cost.capUsd)}`;
  return [
    phaseSegment(model, view),
    ...tryingSegment(model, view),
    ...(choice.model === "" ? [] : [modelSegment(choice.model, effort, theme.status)]),
    ...(cost.spentUsd > 0 || cost.capUsd !== null
      ? [fact(75, spent, levelled(cost.share, theme.status, theme.warn, theme.error))]
      : []),
    ...contextSegment(model, view),
    ...(cached === null ? [] : [fact(20, `cached ${percent(cached)}`)]),
    ...(queue.length === 0
      ? []
      : [heldMessages(model) > 0 ? fact(85, `${queue.length} held`, theme.warn) : fact(65, `queue ${queue.length}`)]),
    ...(approval === "ask" ? [] : [fact(78, `approval ${approval}`, theme.warn)]),
    ...(model.sync.gap === null ? [] : [fact(60, "catching up", theme.warn)]),
    ...(session.cwd === "" ? [] : [fact(15, oneLine(basename(session.cwd), 24))]),
    ...hints(model, ui, view),
  ];
}

function phaseSegment(model: Model, { look }: Rendering): Segment {
  const { theme } = look;
  const marks = marksOf(look);
  const phase = phaseOf(model);
  const { asking, screen } = model;
  const took = turnMs(model);
  const waiting = asking !== null && asking.waitingMs > 0 ? ` (silent ${duration(asking.waitingMs)})` : "";
  const again = asking?.retry == null ? "" : ` ${asking.retry.attempt}/${asking.retry.of}`;
  const resting = phase === "idle" || phase === "over";
  const sign = resting ? marks.info : phase === "approval" ? marks.asks : turning(marks, screen.now);
  const style = phase === "approval" || phase === "retrying" ? theme.warn : resting ? theme.status : theme.accent;
  const elapsed = took === null || resting ? "" : ` ${duration(took)}`;
  const short = [{ text: ` ${sign}${elapsed === "" ? ` ${words[phase]}` : elapsed}`, style }];
  return { spans: [{ text: ` ${sign} ${words[phase]}${again}${elapsed}${waiting}`, style }], short, weight: 100 };
}

/** What is said before there is a session: it is being opened, or something has to be chosen first. */
function beforeSegment<D>({ dialog }: Ui<D>, { look }: Rendering): Segment {
  const marks = marksOf(look);
  const text = dialog === null ? ` ${marks.info} opening the session` : ` ${marks.asks} needs you`;
  return { spans: [{ text, style: dialog === null ? look.theme.status : look.theme.warn }], weight: 100 };
}

function contextSegment(model: Model, { look }: Rendering): Segment[] {
  const { theme } = look;
  const used = model.tokens.context;
  if (used === null) return [];
  const share = windowShare(model);
  const style = levelled(share, theme.status, theme.warn, theme.error);
  // The share is what counts; the figure of tokens is what it is made of.
  if (share === null) return [{ spans: [{ text: `${tokens(used)} tokens`, style }], weight: 70 }];
  return [
    { spans: [{ text: `ctx ${percent(share)}`, style }], weight: 70 },
    { spans: [{ text: `${tokens(used)} of ${tokens(model.choice.facts?.context_tokens ?? 0)}`, style }], weight: 10 },
  ];
}

function hints<D>(model: Model, ui: Ui<D>, view: Rendering): Segment[] {
  const { theme } = view.look;
  return hintsOf(model, ui, view).map(({ key, what }, at) => ({
    spans: [
      { text: key, style: theme.strong },
      { text: ` ${what}`, style: theme.status },
    ],
    weight: at === 0 ? 90 : 50 - at,
    end: true,
  }));
}

function messageSegment({ level, text }: NonNullable<Ui["message"]>, { look }: Rendering): Segment {
  const { theme } = look;
  const marks = marksOf(look);
  const style = level === "error" ? theme.error : level === "warn" ? theme.warn : theme.accent;
  const sign = level === "error" ? marks.failed : level === "warn" ? marks.warn : marks.info;
  const spans: Span[] = [{ text: ` ${sign} ${oneLine(text, 200)}`, style }];
  return { spans, weight: 100 };
}

function levelled(share: number | null, normal: number, warn: number, error: number): number {
  if (share === null || share < high) return normal;
  return share < urgent ? warn : error;
}

/** The model with what it is reached by; without that where there is no room for it. */
function modelSegment(model: string, effort: string, style: number): Segment {
  const short = model.includes("/") ? model.slice(model.indexOf("/") + 1) : model;
  const spans = (name: string): Span[] => [{ text: `${oneLine(name, 40)}${effort}`, style }];
  return { spans: spans(model), short: spans(short), weight: 80 };
}

/** A model that is being tried, and for how long: the session goes on with the present one until it has answered. */
function tryingSegment(model: Model, { look }: Rendering): Segment[] {
  const { wanted } = model.choice;
  if (wanted === null) return [];
  const ms = tryingMs(model);
  const took = ms === null ? "" : ` ${duration(ms)}`;
  const words = phaseOf(model) === "trying" ? "" : "trying ";
  return [{ spans: [{ text: `${words}${oneLine(wanted.model, 40)}${took}`, style: look.theme.warn }], weight: 88 }];
}
