import { RuntimeError } from "../actor/errors.ts";

/** The error of a message whose body is not plain data. */
export function badMessage(cause: unknown): RuntimeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RuntimeError("BAD_MESSAGE", `The message cannot leave its thread: ${why} Send plain data only.`, {
    cause,
  });
}
