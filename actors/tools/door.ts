// The executor's door to the network, from what it was started with.
import { join } from "node:path";
import { createDoor } from "../http/door.ts";
import { politeIntervals, waits } from "../http/manners.ts";
import type { Door } from "../http/types.ts";
import type { ToolsArgs } from "./protocol.ts";

/** Makes it. */
export function doorOf({ services, keys, cacheDir, userAgent }: ToolsArgs): Door {
  const folder = cacheDir === null ? null : join(cacheDir, "http");
  return createDoor({ services, keys, cacheDir: folder, userAgent, waits, intervals: politeIntervals });
}
