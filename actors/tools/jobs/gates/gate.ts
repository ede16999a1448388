// What a gate is: one question that is asked of a job before money is spent on it. Pure; a gate that finds nothing says
// nothing, and each may be overruled by its name.
import type { Column } from "../../../data/columns.ts";
import type { Flavor } from "../../../hub/jobs/types.ts";
import type { ScriptFacts } from "../../python/facts.ts";
import type { Training } from "../../python/training.ts";
import type { Header } from "../header.ts";

/** The data set that a script trains on, with its columns. */
export type TrainedOn = Training & { columns: readonly Column[] };

/** A job as the gates see it. */
export interface Planned {
  /** The script's text, or null for a Docker command. */
  script: string | null;
  facts: ScriptFacts | null;
  header: Header | null;
  /** Null: the script trains on none, on which one is uncertain, or nobody says what is in it. */
  dataset: TrainedOn | null;
  /** The command's words in one text; empty for a script. */
  command: string;
  dependencies: readonly string[];
  /** The image is the usual one, of which it is known what is in it. */
  usualImage: boolean;
  secrets: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Something that can be written is mounted. */
  writableVolume: boolean;
  trackio: boolean;
  flavor: Flavor;
  seconds: number;
  /** The timeout was asked for, and is not the usual one. */
  timeoutGiven: boolean;
  /** What a text holds that should be secret: how many places. */
  secretsIn: (text: string) => number;
}

/** What is wrong, and what to do about it. */
export interface Finding {
  message: string;
  hint: string;
}

export type Gate = (job: Planned) => Finding | null;
