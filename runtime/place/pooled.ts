// The inside of a pool's thread: calls a named function of a module, and brings back what it throws intact.
import { type EncodedError, encodeError } from "../actor/codec.ts";

/** One call of the pool. */
export interface PoolTask {
  /** URL of the module with the function. */
  entry: string;
  name: string;
  input: unknown;
}

export type PoolAnswer = { ok: true; value: unknown } | { ok: false; error: EncodedError };

/** Runs one call. Never rejects, as an error that crosses a thread by rejection loses its fields. */
export async function runPooled(task: PoolTask): Promise<PoolAnswer> {
  try {
    const module: Record<string, unknown> = await import(task.entry);
    const run = Object.hasOwn(module, task.name) ? module[task.name] : undefined;
    if (typeof run !== "function") throw new TypeError(`${task.entry} exports no function "${task.name}".`);
    return { ok: true, value: await run(task.input) };
  } catch (error) {
    return { ok: false, error: encodeError(error) };
  }
}
