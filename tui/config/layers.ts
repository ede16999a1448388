// A configuration is a stack of layers; the upper ones win, key by key.
import type { Json } from "../../actors/events.ts";

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** One source of values, from the weakest (shipped) to the strongest (flags). */
export interface Layer {
  /** For people: `shipped`, `environment`, `command line`, or a file's path. */
  source: string;
  values: JsonObject;
}

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lays one object over another: objects merge, everything else replaces. */
export function merge(lower: JsonObject, upper: JsonObject): JsonObject {
  const merged: JsonObject = { ...lower };
  for (const [key, value] of Object.entries(upper)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const both = isObject(below) && isObject(value) ? merge(below, value) : value;
    // Plain assignment to `__proto__` would set the prototype instead of a key.
    Object.defineProperty(merged, key, { value: both, enumerable: true, writable: true, configurable: true });
  }
  return merged;
}

/** What all layers together say. */
export function effective(layers: readonly Layer[]): JsonObject {
  return layers.reduce<JsonObject>((merged, layer) => merge(merged, layer.values), {});
}

/** The value at a path of keys, or undefined. */
export function valueAt(values: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = values;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Which layer has the last word on a path, or null when none speaks of it. */
export function sourceOf(layers: readonly Layer[], path: readonly string[]): string | null {
  return layers.findLast((layer) => valueAt(layer.values, path) !== undefined)?.source ?? null;
}

/** Every path that ends in something other than a non-empty object. */
export function leaves(values: JsonObject, prefix: readonly string[] = []): { path: string[]; value: Json }[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0
      ? leaves(value, [...prefix, key])
      : [{ path: [...prefix, key], value }],
  );
}
