// The calls of the API of Spaces. Each throws what the door throws. All but a restart may be sent twice: they say what
// shall be, not what shall change.
import type { Door, HttpRequest } from "../../http/types.ts";
import { asObject } from "../../shape.ts";
import { readAppUrl, readEntries, readRuntime } from "./read.ts";
import type { EntryKind, SpaceEntry, SpaceRuntime } from "./types.ts";

/** The way to a Space. */
export interface SpaceReach {
  door: Door;
  /** `owner/name`. */
  id: string;
  signal: AbortSignal;
  /** Hears of pauses before a retry, in words for people. */
  onWait?: ((words: string) => void) | undefined;
}

/** Milliseconds in which the Hub must have said that it changes something: it looks for a machine first. */
const changeMs = 60_000;

/** An address of the API of a Space. */
export const spaceUrl = ({ door, id }: Pick<SpaceReach, "door" | "id">, below = ""): string =>
  `${door.services.hub}/api/spaces/${id}${below}`;

function ask({ door, signal, onWait }: SpaceReach, url: string, request: Omit<HttpRequest, "signal"> = {}) {
  return door.expect(url, { signal, ...(onWait === undefined ? {} : { onWait }), ...request });
}

/** How it is doing. */
export async function getRuntime(
  reach: SpaceReach,
  more: Pick<HttpRequest, "attempts" | "timeoutMs"> = {},
): Promise<SpaceRuntime> {
  return readRuntime(await (await ask(reach, spaceUrl(reach, "/runtime"), more)).json());
}

/** Where its app answers, and whether strangers may see it. */
export async function getAddress(reach: SpaceReach): Promise<{ app: string | null; isPrivate: boolean }> {
  const raw = await (await ask(reach, spaceUrl(reach))).json();
  return { app: readAppUrl(raw), isPrivate: asObject(raw)?.private === true };
}

/** Its variables with their values, or its secrets without. */
export async function getEntries(reach: SpaceReach, kind: EntryKind): Promise<Map<string, SpaceEntry>> {
  return readEntries(await (await ask(reach, spaceUrl(reach, `/${kind}`))).json());
}

async function send(reach: SpaceReach, below: string, more: Omit<HttpRequest, "signal">): Promise<void> {
  const request = { method: "POST", repeatable: true, timeoutMs: changeMs, ...more } as const;
  (await ask(reach, spaceUrl(reach, below), request)).close();
}

/** Sets a variable or a secret. The Space starts anew with it. */
export function putEntry(reach: SpaceReach, kind: EntryKind, key: string, value: string): Promise<void> {
  return send(reach, `/${kind}`, { json: { key, value } });
}

/** Removes one. */
export function removeEntry(reach: SpaceReach, kind: EntryKind, key: string): Promise<void> {
  return send(reach, `/${kind}`, { method: "DELETE", json: { key } });
}

/** Asks for a machine. `sleepSeconds`: -1 for never; null leaves it as it is. */
export function askForHardware(reach: SpaceReach, flavor: string, sleepSeconds: number | null): Promise<void> {
  const sleep = sleepSeconds === null ? {} : { sleepTimeSeconds: sleepSeconds };
  return send(reach, "/hardware", { json: { flavor, ...sleep } });
}

/** Says after how many seconds without a visitor it sleeps; -1: never. */
export function putSleepTime(reach: SpaceReach, seconds: number): Promise<void> {
  return send(reach, "/sleeptime", { json: { seconds } });
}

/** Stops it until somebody restarts it. */
export function pauseSpace(reach: SpaceReach): Promise<void> {
  return send(reach, "/pause", {});
}

/** Starts it anew. `factory`: with an image that is built anew from nothing. */
export function restartSpace(reach: SpaceReach, factory: boolean): Promise<void> {
  return send(reach, factory ? "/restart?factory=true" : "/restart", { repeatable: false });
}
