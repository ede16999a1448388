// What was approved of each server, kept between runs: one file for each server, and as long as its command or address
// stays the same. A definition that is not the approved one waits beside it until a person has looked.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject, parseJson } from "../shape.ts";
import type { Definition } from "./definition.ts";
import type { McpServer, McpTool } from "./protocol.ts";

/** A definition on file. */
export interface Pin {
  tool: McpTool;
  usable: boolean;
  /** The server had it when it was last asked. */
  present: boolean;
}

/** Everything on file about one server. */
export interface Pins {
  approved: Pin[];
  /** What the server says now, of those tools of which it says something else. */
  waiting: Pin[];
}

/** What is the same server: its command with its arguments, or its address. Keys and headers may change. */
function identityOf({ name, transport }: McpServer): string {
  const what =
    transport.kind === "stdio" ? [transport.command, ...transport.args, transport.cwd ?? ""] : [transport.url];
  return createHash("sha256")
    .update(JSON.stringify([name, ...what]))
    .digest("hex")
    .slice(0, 16);
}

/** The file of a server in the actor's folder. */
export function fileOf(dir: string, server: McpServer, ending: string): string {
  const label = server.name.replace(/[^A-Za-z0-9-]+/g, "_").slice(0, 40);
  return join(dir, `${label}-${identityOf(server)}.${ending}`);
}

/** Reads what is on file; null when the server was never seen, or its file cannot be read. */
export function readPins(dir: string, server: McpServer): Pins | null {
  let text: string;
  try {
    text = readFileSync(fileOf(dir, server, "tools.json"), "utf8");
  } catch {
    return null;
  }
  const kept = asObject(parseJson(text));
  if (kept?.version !== 1) return null;
  const pins = (value: unknown) => asList(value).filter(isPin);
  return { approved: pins(kept.approved), waiting: pins(kept.waiting) };
}

/** The file is our own and private; this is for one that was cut off or written by hand. */
function isPin(value: unknown): value is Pin {
  const tool = asObject(asObject(value)?.tool);
  const texts = [tool?.name, tool?.server, tool?.tool, tool?.description, tool?.hash];
  return texts.every((text) => typeof text === "string") && asObject(tool?.parameters) !== null && !!tool?.hints;
}

/** Writes them. Throws the system's error. */
export function writePins(dir: string, server: McpServer, pins: Pins): void {
  writePrivate(dir, fileOf(dir, server, "tools.json"), { version: 1, server: server.name, ...pins });
}

/** Replaces a file of the actor's in one step, readable by the user alone. */
export function writePrivate(dir: string, file: string, content: unknown): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(content, null, 1)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * What is on file after a server was asked. The first listing is taken as it is. Later a changed definition waits, and
 * so does a new tool, unless the user trusts the server: else a server could put under a new name what it may not
 * change under the old one.
 */
export function settled(before: Pins | null, listed: readonly Definition[], trust: boolean): Pins {
  const now = new Map(listed.map(({ usable, ...tool }) => [tool.tool, { tool, usable, present: true }]));
  if (before === null) return { approved: [...now.values()], waiting: [] };
  const known = new Map(before.approved.map((pin) => [pin.tool.tool, pin]));
  const approved = before.approved.map((pin): Pin => ({ ...pin, present: now.has(pin.tool.tool) }));
  const waiting: Pin[] = [];
  for (const pin of now.values()) {
    const old = known.get(pin.tool.tool);
    if (old?.tool.hash === pin.tool.hash) continue;
    if (old === undefined && trust) approved.push(pin);
    else waiting.push(pin);
  }
  return { approved, waiting };
}

/** Takes what waits for approved, of one tool or of all. */
export function approve(pins: Pins, tool: string | null): { pins: Pins; names: string[] } {
  const taken = pins.waiting.filter((pin) => tool === null || pin.tool.tool === tool || pin.tool.name === tool);
  const replaced = new Set(taken.map((pin) => pin.tool.tool));
  return {
    pins: {
      approved: [...pins.approved.filter((pin) => !replaced.has(pin.tool.tool)), ...taken],
      waiting: pins.waiting.filter((pin) => !replaced.has(pin.tool.tool)),
    },
    names: taken.map((pin) => pin.tool.tool),
  };
}
