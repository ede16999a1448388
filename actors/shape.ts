// Careful reading of what a server sent: nothing from the wire is trusted to have the shape it should have.

/** The value as an object with named members, or null. */
export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** The value as a list; empty when it is none. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects in a list. */
export function asObjects(value: unknown): Record<string, unknown>[] {
  return asList(value).flatMap((entry) => {
    const object = asObject(entry);
    return object === null ? [] : [object];
  });
}

/** The value as text; empty when it is none. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The value as a count of tokens, or null. */
export function asCount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** JSON text parsed, or undefined when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
