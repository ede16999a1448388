// What keys do to the panes: reading, folding, searching, choosing. Pure.
import { jobsInOrder, mainJob, seriesOf } from "../model/select-jobs.ts";
import { openCancelJob } from "../view/dialogs/confirm.ts";
import type { Layout } from "../view/layout.ts";
import { layoutOf } from "../view/screen.ts";
import { codeOf, textOf } from "../view/transcript/copy.ts";
import { findNext } from "../view/transcript/find.ts";
import { canFold, isOpen, type List, listOf } from "../view/transcript/list.ts";
import { choose, scrollBy, scrollPages, scrollToEnd, scrollToTop, toggleFold } from "../view/transcript/scroll.ts";
import type { Focus, JobsUi, Pane, Ui } from "../view/ui.ts";
import type { Rendering } from "../view/view.ts";
import { type Act, type Front, only, type Stepped, said, withUi } from "./state.ts";

/** The transcript as it stands on the screen. */
export interface Sight {
  readonly list: List;
  /** Cells of its pane. */
  readonly width: number;
  readonly height: number;
  /** Where everything stands. */
  readonly layout: Layout;
  readonly view: Rendering;
}

/** What a front shows on its screen. */
export function sightOf({ model, ui }: Front, view: Rendering): Sight {
  const layout = layoutOf(model, ui, model.screen.width, model.screen.height);
  const { width, height } = layout.main ?? { width: 1, height: 1 };
  return { list: listOf(model, ui, view, width), width, height, layout, view };
}

type Step = (front: Front, sight: Sight) => Stepped;

const order: readonly Focus[] = ["input", "transcript", "jobs"];

function zoom(pane: Pane): Step {
  return (front) => {
    const isThere = front.ui.zoom === pane;
    return only(withUi(front, { zoom: isThere ? null : pane, focus: !isThere && pane === "jobs" ? "jobs" : "input" }));
  };
}

function scrolled(move: (front: Front, sight: Sight) => Ui["scroll"]): Step {
  return (front, sight) => only(withUi(front, { scroll: move(front, sight) }));
}

function jobs(change: (ui: JobsUi, front: Front) => Partial<JobsUi>): Step {
  return (front) => only(withUi(front, { jobs: { ...front.ui.jobs, ...change(front.ui.jobs, front) } }));
}

/** The job beside the chosen one; the choice stays within the list. */
export function jobBeside({ model, ui }: Front, by: number): Partial<JobsUi> {
  const all = jobsInOrder(model);
  const chosen = ui.jobs.selected ?? mainJob(model)?.id ?? null;
  const at = all.findIndex((job) => job.id === chosen);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  return next === undefined ? {} : { selected: next.id };
}

/** The name of the series after the one that is shown by itself; empty: the usual ones again. */
function seriesAfter({ model, ui }: Front, filter: string): string {
  const job = model.jobs.find(({ id }) => id === ui.jobs.selected) ?? mainJob(model);
  const names = job === null ? [] : seriesOf(job).map(({ name }) => name);
  return names[names.indexOf(filter) + 1] ?? "";
}

function chosenBlock({ model, ui }: Front) {
  return model.blocks.find((block) => block.id === ui.selected) ?? null;
}

function copied(front: Front, text: string | null, what: string): Stepped {
  if (text === null) return only(said(front, `There is no ${what} to copy.`, "warn"));
  const act: Act = { kind: "copy", text };
  return { front: said(front, `copied ${what}`), acts: [act] };
}

function fold(front: Front): Stepped {
  const block = chosenBlock(front);
  if (block === null || !canFold(block)) return only(front);
  return only(withUi(front, { folds: toggleFold(front.ui.folds, block.id, isOpen(block, front.ui)) }));
}

function found(by: 1 | -1): Step {
  return (front, { view, width, height }) => {
    const { find } = front.ui;
    if (find === null || find.query === "") return only(front);
    return only(withUi(front, findNext(front.model, front.ui, view, by, { width, height })));
  };
}

function openFind(front: Front): Stepped {
  const find = front.ui.find ?? { query: "", caret: 0, block: null, row: 0 };
  return only(withUi(front, { focus: "find", find }));
}

const steps: Readonly<Record<string, Step>> = {
  "pane.next": (front) => {
    const at = order.indexOf(front.ui.focus);
    return only(withUi(front, { focus: order[(at + 1) % order.length] ?? "input" }));
  },
  "pane.leave": (front) => only(withUi(front, { focus: "input", selected: null })),
  "pane.jobs": zoom("jobs"),
  "pane.plan": zoom("plan"),
  "pane.activity": zoom("activity"),
  "pane.transcript": zoom("transcript"),
  "pane.left": (front) => only(withUi(front, { sides: { ...front.ui.sides, left: !front.ui.sides.left } })),
  "pane.right": (front) => only(withUi(front, { sides: { ...front.ui.sides, right: !front.ui.sides.right } })),
  "transcript.page_up": scrolled(({ ui }, { list, height }) => scrollPages(list, ui.scroll, -1, height)),
  "transcript.page_down": scrolled(({ ui }, { list, height }) => scrollPages(list, ui.scroll, 1, height)),
  "transcript.row_up": scrolled(({ ui }, { list, height }) => scrollBy(list, ui.scroll, -1, height)),
  "transcript.row_down": scrolled(({ ui }, { list, height }) => scrollBy(list, ui.scroll, 1, height)),
  "transcript.top": scrolled(({ ui }, { list, height }) => scrollToTop(list, ui.scroll, height)),
  "transcript.first": scrolled(({ ui }, { list, height }) => scrollToTop(list, ui.scroll, height)),
  "transcript.follow": scrolled(() => scrollToEnd()),
  "transcript.last": scrolled(() => scrollToEnd()),
  "transcript.next": (front, { list, height }) => only(withUi(front, choose(list, front.ui, 1, height))),
  "transcript.previous": (front, { list, height }) => only(withUi(front, choose(list, front.ui, -1, height))),
  "transcript.fold": fold,
  "transcript.fold_tools": (front) => only(withUi(front, { callsOpen: !front.ui.callsOpen, folds: new Map() })),
  "transcript.fold_thinking": (front) => only(withUi(front, { thinkingOpen: !front.ui.thinkingOpen })),
  "transcript.copy": (front) => {
    const block = chosenBlock(front);
    return copied(front, block === null ? null : textOf(block), "text");
  },
  "transcript.copy_code": (front) => {
    const block = chosenBlock(front);
    return copied(front, block === null ? null : codeOf(block), "code");
  },
  "transcript.search": openFind,
  "transcript.search_sign": openFind,
  "transcript.next_match": found(1),
  "transcript.previous_match": found(-1),
  "find.next": found(1),
  "find.previous": found(-1),
  "find.close": (front) => only(withUi(front, { focus: "input", find: null })),
  "jobs.next": jobs((_, front) => jobBeside(front, 1)),
  "jobs.previous": jobs((_, front) => jobBeside(front, -1)),
  "jobs.log_scale": jobs(({ log }) => ({ log: !log })),
  "jobs.filter": jobs(({ filter }, front) => ({ filter: seriesAfter(front, filter) })),
  "jobs.zoom": zoom("jobs"),
  "jobs.zoom_in": jobs(({ share }) => ({ share: Math.max(0.05, share / 2) })),
  "jobs.zoom_out": jobs(({ share }) => ({ share: Math.min(1, share * 2) })),
  "jobs.cancel": (front) => {
    const chosen = front.ui.jobs.selected ?? mainJob(front.model)?.id ?? null;
    const job = front.model.jobs.find(({ id, state }) => id === chosen && state === "running");
    return only(
      job === undefined ? said(front, "No such job runs.", "warn") : withUi(front, { dialog: openCancelJob(job) }),
    );
  },
};

/** Does what a command of the panes does; null: it is none of theirs, and nothing was looked at. */
export function read(front: Front, command: string, sight: () => Sight): Stepped | null {
  return Object.hasOwn(steps, command) ? (steps[command]?.(front, sight()) ?? null) : null;
}
