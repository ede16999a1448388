// What a person reads before they approve a job: what runs, where, for whose money, and what it gets to know.

import type { Preview } from "../../events.ts";
import { dollars } from "../../hub/jobs/cost.ts";
import { shownDuration } from "./duration.ts";
import { type Input, mostUsd, type Resumed } from "./input.ts";
import { recurringCost, uncounted } from "./recurring-cost.ts";

/** The preview of a settled launch; null for the other operations, whose arguments say it all. */
export function previewOf(args: Input): Preview | null {
  const { settled } = args;
  if (settled?.resumes !== undefined) return resumePreview(args, settled.resumes);
  if (settled?.seconds === undefined) return null;
  const most = mostUsd(args);
  const price =
    settled.usd_per_hour === null || settled.usd_per_hour === undefined
      ? "price unknown"
      : `${dollars(settled.usd_per_hour)} an hour (${settled.price})`;
  const cost = most === null ? "unknown" : dollars(most);
  const rows: [string, string | undefined][] = [
    ["Paid by", args.namespace],
    [
      "Schedule",
      args.schedule && args.operation === "scheduled run"
        ? `${args.schedule}: ${recurringCost(settled.recurrence ?? null, most)}. ${uncounted}`
        : undefined,
    ],
    ["Hardware", `${args.hardware_flavor}, ${settled.gpu}, ${price}`],
    [
      args.operation === "run" ? "Costs at most" : "A run costs at most",
      `${cost}, ended after ${shownDuration(settled.seconds)}${args.timeout === undefined ? " (the usual timeout)" : ""}`,
    ],
    ["Gets to know", args.secrets?.length ? args.secrets.map(secretOf).join(", ") : "no secrets"],
    ["Image", args.image],
    ["Dependencies", args.dependencies?.join("  ")],
    ["Arguments", args.script_args?.map((one) => JSON.stringify(one)).join(" ")],
    [
      "Environment",
      args.env &&
        Object.entries(args.env)
          .map(([name, value]) => `${name}=${value}`)
          .join("  "),
    ],
    ["Volumes", args.volumes?.join("  ")],
    ["Dashboard", args.trackio && `${args.trackio.space}, ${dashboards[settled.dashboard ?? "ready"]}`],
    ...(settled.overruled ?? []).map((one): [string, string] => ["Overruled", one]),
  ];
  const head = rows
    .flatMap(([name, value]) => (value ? [`# ${name}: ${value.replaceAll(/\s*\n\s*/g, " ")}`] : []))
    .join("\n");
  if (args.script !== undefined)
    return { kind: "script", text: `${head}\n# ${"-".repeat(40)} ${settled.script_name}\n${args.script}` };
  return { kind: "command", text: `${head}\n${(args.command ?? []).map((word) => JSON.stringify(word)).join(" ")}` };
}

function resumePreview(args: Input, { schedule, recurrence, flavor, command, usd }: Resumed): Preview {
  const rows = [
    `# Paid by: ${args.namespace}`,
    `# Schedule: ${schedule}: ${recurringCost(recurrence, usd)}. ${uncounted}`,
    `# Hardware: ${flavor}`,
    command,
  ];
  return { kind: "command", text: rows.join("\n") };
}

function secretOf(name: string): string {
  return name === "HF_TOKEN" ? "HF_TOKEN (your token: the job can act as you)" : name;
}

const dashboards = {
  create: "which will be made, private",
  fill: "which is empty and will be filled",
  ready: "which is there",
};
