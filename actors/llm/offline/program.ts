// The training program: real files that are kept as files, beside the bundle, and copied into a workspace as they are.
import { readdir, readFile } from "node:fs/promises";

/** A file of the training program. */
export interface ProgramFile {
  name: string;
  text: string;
}

/** All that the policy needs of it. */
export interface Program {
  /** The first look at a table, run before anything is written. */
  look: string;
  /** The files of the experiment's folder. */
  files: ProgramFile[];
}

/** Where the build puts the program. */
const folder = new URL("./offline-program/", import.meta.url);

const lookFile = "look.mjs";

/** Reads the program, in a fixed order. Throws the platform's error when the installation is incomplete. */
export async function loadProgram(): Promise<Program> {
  const text = (name: string): Promise<string> => readFile(new URL(name, folder), "utf8");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".mjs") && name !== lookFile).sort();
  const files = await Promise.all(names.map(async (name) => ({ name, text: await text(name) })));
  return { look: await text(lookFile), files };
}
