// The parts of an inspection are asked for side by side; one that fails says so by itself and takes no other along.
import { HttpError } from "../../../http/errors.ts";
import { describeError } from "../../errors.ts";
import type { SectionFailure } from "../report.ts";
import { viewerFailure } from "./viewer.ts";

/** Collects the failures of parts. */
export interface Sections {
  failures: SectionFailure[];
  /** The part's answer, or null when it failed. Cancelling ends it all. */
  part<T>(section: string, work: Promise<T>): Promise<T | null>;
}

/** Makes the collector. */
export function createSections(signal: AbortSignal): Sections {
  const failures: SectionFailure[] = [];
  return {
    failures,
    async part(section, work) {
      try {
        return await work;
      } catch (error) {
        signal.throwIfAborted();
        failures.push({ section, text: wordsFor(error) });
        return null;
      }
    },
  };
}

function wordsFor(error: unknown): string {
  if (!(error instanceof HttpError)) return describeError(error);
  if (error.code === "HTTP_NO_JSON" || error.code === "HTTP_TOO_LARGE") return error.message;
  const { message, hint } = viewerFailure(error);
  return `${message} ${hint}`;
}
