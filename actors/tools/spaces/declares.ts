// What each operation of hf_spaces touches and how it is called.
import type { Access } from "../../events.ts";
import { oneLine } from "../cap.ts";
import { dayUsd, shownPrice } from "./charge.ts";
import { type Input, isReading, type Operation } from "./input.ts";

/** What is gone for good after an operation. */
const removes: Partial<Record<Operation, string>> = { delete_variable: "variable", delete_secret: "secret" };

/** What a settled call touches. `target`: the Space's id, `host`: the Hub's. */
export function touched({ operation, settled }: Input, target: string, host: string): Access[] {
  if (isReading(operation)) return [{ kind: "network", host }];
  const removed = removes[operation];
  const changed: Access =
    removed === undefined
      ? { kind: "publish", host, target, what: "other" }
      : { kind: "delete", host, target, what: removed };
  if (settled?.charge === undefined) return [changed];
  return [changed, { kind: "spend", usd: dayUsd(settled.charge), payer: ownerOf(target) }];
}

/** Who pays for a Space. */
export const ownerOf = (id: string): string => id.slice(0, id.indexOf("/"));

/** One line for people. */
export function titleOf(args: Input): string {
  const space = `the Space ${args.repo_id}`;
  const name = oneLine(args.name ?? "?", 60);
  const { charge } = args.settled ?? {};
  const cost = charge === undefined ? "" : ` (${shownPrice(charge.usd_per_hour)})`;
  switch (args.operation) {
    case "info":
      return `Look at ${space}`;
    case "logs":
      return `Read the ${args.kind ?? "run"} log of ${space}`;
    case "wait":
      return `Wait for ${space}`;
    case "set_variable":
      return `Set the variable ${name} of ${space}${cost}`;
    case "delete_variable":
      return `Delete the variable ${name} of ${space}${cost}`;
    case "set_secret":
      return `Give ${space} your ${oneLine(args.secret ?? "?", 60)} as its secret ${name}${cost}`;
    case "delete_secret":
      return `Delete the secret ${name} of ${space}${cost}`;
    case "set_hardware":
      return `Run ${space} on ${oneLine(args.hardware ?? "?", 60)}${cost}`;
    case "set_sleep_time":
      return `Set the sleep time of ${space} to ${args.sleep_time === -1 ? "never" : `${args.sleep_time ?? "?"} s`}${cost}`;
    case "restart":
      return `Restart ${space}${args.factory === true ? " from nothing" : ""}${cost}`;
    case "pause":
      return `Pause ${space}`;
  }
}
