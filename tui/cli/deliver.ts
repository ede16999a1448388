// Writing to a standard stream when nothing else is to come.
import { desertedCode, lostLine, type Problem, problemOf } from "../text/lost.ts";

/** Writes a text and waits until the system has it. Null when all went well. */
export function deliver(stream: NodeJS.WritableStream, text: string): Promise<Problem | null> {
  return new Promise((resolve) => {
    // It stays: the stream tells of an error after the write has.
    stream.on("error", (error: NodeJS.ErrnoException) => resolve(problemOf(error)));
    stream.write(text, (error) => resolve(error ? problemOf(error) : null));
  });
}

/** Writes to standard output and returns the exit code: a reader that has gone is quiet, anything else is said. */
export async function answer(text: string): Promise<number> {
  const problem = await deliver(process.stdout, text);
  if (problem === null) return 0;
  if (problem.code === "EPIPE") return desertedCode;
  await deliver(process.stderr, lostLine(problem));
  return 1;
}
