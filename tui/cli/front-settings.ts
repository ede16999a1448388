// How a front is to look, from the configuration.
import type { FrontSettings } from "../chat/settings.ts";
import type { JsonObject } from "../config/layers.ts";

/** The settings of a front. */
export function frontSettings({ theme, keys, mouse }: JsonObject, env: FrontSettings["env"]): FrontSettings {
  return { theme: typeof theme === "string" ? theme : null, keys: keys ?? {}, mouse: mouse !== false, env };
}
