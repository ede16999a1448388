// What is carried over a compaction whatever a summary says: the plan, the commands that still run, the files that are
// known. Made from facts, by rule.
import type { PlanItem } from "../events.ts";
import type { Carried } from "./protocol.ts";
import { oneLine } from "./text.ts";

const marks = { completed: "[x]", in_progress: "[~]", pending: "[ ]" } as const;

/** Characters that one running command may take. */
const jobChars = 240;

/** The carried facts as text; empty when there are none. The plan is whole; jobs and files share `room` characters. */
export function carriedText(carried: Carried, room: number): string {
  const jobs = carried.jobs.map(({ jobId, title, command }) =>
    oneLine(`- ${jobId}: ${title}${command === title ? "" : ` — ${command}`}`, jobChars),
  );
  const files = carried.files.map(([path, hash]) => `- ${path}${hash === null ? " (gone)" : ""}`);
  const shownJobs = newest(jobs, room);
  const shownFiles = newest(files, room - lengthOf(shownJobs));
  return [
    section("Plan:", carried.plan.map(planLine), 0),
    section("Commands that still run in the background, by job id:", shownJobs, jobs.length - shownJobs.length),
    section(
      "Files that were read or written; what they hold is no longer shown here:",
      shownFiles,
      files.length - shownFiles.length,
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** One step, whole: further lines of its content are set in, so that they are not taken for steps. */
function planLine({ id, content, status }: PlanItem): string {
  return `${marks[status]} ${id}. ${content.replaceAll("\n", "\n    ")}`;
}

/** As many of the last lines as there is room for, in their order. */
function newest(lines: readonly string[], room: number): string[] {
  let left = room;
  let from = lines.length;
  for (let line = lines[from - 1]; line !== undefined && line.length + 1 <= left; line = lines[from - 1]) {
    left -= line.length + 1;
    from -= 1;
  }
  return lines.slice(from);
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

function section(title: string, lines: readonly string[], leftOut: number): string {
  if (lines.length === 0 && leftOut === 0) return "";
  return [
    title,
    ...lines,
    ...(leftOut > 0 ? [`(${leftOut} ${lines.length > 0 ? "more" : "in all"}, not listed)`] : []),
  ].join("\n");
}
