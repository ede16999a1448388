// Which repositories this session has created, kept beside its journal so that a crash forgets none.
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRepoType, type Repo } from "../../../hub/repo.ts";
import type { ToolScope } from "../../contract.ts";
import { isSystemError } from "../../errors.ts";

const fileOf = (scope: ToolScope): string => join(scope.sessionDir, "hub-repositories.txt");
const lineOf = (repo: Repo, hub: string): string => `${hub} ${repo.type} ${repo.id}`;

/** Notes that the session has created a repository at a Hub. */
export async function noteMade(repo: Repo, hub: string, scope: ToolScope): Promise<void> {
  if (await wasMadeHere(repo, hub, scope)) return;
  await appendFile(fileOf(scope), `${lineOf(repo, hub)}\n`, { mode: 0o600 });
}

/** Whether the session has created it. */
export async function wasMadeHere(repo: Repo, hub: string, scope: ToolScope): Promise<boolean> {
  return (await linesOf(scope)).includes(lineOf(repo, hub));
}

/** All that the session has created at a Hub. */
export async function allMadeHere(hub: string, scope: ToolScope): Promise<Repo[]> {
  return (await linesOf(scope)).flatMap((line) => {
    const [at, type, id = ""] = line.split(" ");
    return at === hub && isRepoType(type) ? [{ type, id }] : [];
  });
}

async function linesOf(scope: ToolScope): Promise<string[]> {
  try {
    return (await readFile(fileOf(scope), "utf8")).split("\n");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
