/** A value as JSON; for one that is nested deeper than can be written (it can be read), a text that says so. */
export function jsonText(value: unknown, replacer?: (name: string, value: unknown) => unknown): string {
  try {
    return JSON.stringify(value, replacer) ?? "";
  } catch (error) {
    if (error instanceof RangeError) return "(nested too deep)";
    throw error;
  }
}
