// The Trackio dashboard of a job. Trackio would make a Space that is not there itself, from within the job, for everybody
// to see; and it leaves an empty one empty. So a missing one is made here, private, and an empty one is filled, in one
// commit. Any other Space is somebody's work and is left alone. Storage that lasts is attached by Trackio in either case.
import { HttpError, hasStatus } from "../../http/errors.ts";
import { isRepoId } from "../../hub/repo.ts";
import { asObject, asObjects, asText } from "../../shape.ts";
import type { LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { explained } from "./account.ts";
import type { Input } from "./input.ts";

/** What has to be done for a dashboard. */
export type Dashboard = "create" | "fill" | "ready";

/** Files that the Hub puts into a new Space. */
const empty = new Set([".gitattributes", "README.md", ".gitignore"]);

const files: Record<string, string> = {
  "README.md": "---\ntitle: Trackio\nsdk: gradio\napp_file: app.py\ntags:\n  - trackio\n---\n",
  "requirements.txt": "trackio\n",
  "app.py": "import trackio\n\ntrackio.show()\n",
};

const apiOf = ({ door }: Pick<LookContext, "door">, space: string): string =>
  `${door.services.hub}/api/spaces/${space}`;

/** Where people look at it. */
export function dashboardPage(hub: string, space: string): string {
  return `${hub}/spaces/${space}`;
}

/** How things are with a Space. Throws a `ToolError` for one that is not the payer's, or no dashboard. */
export async function dashboardOf(space: string, namespace: string, look: LookContext): Promise<Dashboard> {
  const [owner = "", name = ""] = space.split("/");
  if (name === "" || !isRepoId(space))
    throw new ToolError("BAD_ARGUMENTS", `${JSON.stringify(space)} is no Space.`, "Write owner/name.");
  if (owner.toLowerCase() !== namespace.toLowerCase()) {
    throw new ToolError(
      "FORBIDDEN",
      `The Space ${space} does not belong to ${namespace}.`,
      `Use one of ${namespace}'s own, for example ${namespace}/trackio.`,
    );
  }
  const info = await infoOf(space, look);
  if (info === null) return "create";
  if (info.tags.includes("trackio")) return "ready";
  if (info.files.every((file) => empty.has(file))) return "fill";
  throw new ToolError(
    "FORBIDDEN",
    `The Space ${space} holds something else than a Trackio dashboard, and is left alone.`,
    "Use another name.",
  );
}

async function infoOf(
  space: string,
  look: LookContext,
): Promise<{ sha: string; files: string[]; tags: string[] } | null> {
  try {
    const answer = await look.door.expect(apiOf(look, space), { signal: look.signal, attempts: 2 });
    const info = asObject(await answer.json());
    const tags = Array.isArray(info?.tags) ? info.tags.map(asText) : [];
    return { sha: asText(info?.sha), files: asObjects(info?.siblings).map(({ rfilename }) => asText(rfilename)), tags };
  } catch (error) {
    // With a token, what is not there is a 404.
    if (hasStatus(error, 404)) return null;
    if (error instanceof HttpError && error.headers.get("x-error-code") === "RepoNotFound") return null;
    return explained(look, space, `the Space ${space}`, () => Promise.reject(error));
  }
}

/** Makes or fills the dashboard of a launch, as it was found to be when the call was settled. */
export async function prepareDashboard({ trackio, settled }: Input, look: LookContext): Promise<void> {
  if (trackio === undefined) return;
  if (settled?.dashboard === "create") await makeDashboard(trackio.space, look);
  if (settled?.dashboard === "fill") await fillDashboard(trackio.space, look);
}

/** Makes the Space where it is not there. One that has come to be meanwhile is taken as it is. */
async function makeDashboard(space: string, look: LookContext): Promise<void> {
  const [organization, name] = space.split("/");
  await explained(look, space, `the Space ${space}`, async () => {
    try {
      const answer = await look.door.expect(`${look.door.services.hub}/api/repos/create`, {
        method: "POST",
        json: { type: "space", organization, name, sdk: "gradio", visibility: "private" },
        signal: look.signal,
      });
      answer.close();
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
    }
  });
  await fillDashboard(space, look);
}

/** Fills an empty Space of the payer's, in one commit on top of what it was seen to be. */
async function fillDashboard(space: string, look: LookContext): Promise<void> {
  const info = await infoOf(space, look);
  if (info === null || info.tags.includes("trackio")) return;
  if (!info.files.every((file) => empty.has(file))) {
    throw new ToolError("STALE", `The Space ${space} is not empty any more, and is left alone.`, "Use another name.");
  }
  const lines = [
    { key: "header", value: { summary: "Show Trackio's dashboard", description: "", parentCommit: info.sha } },
    ...Object.entries(files).map(([path, content]) => ({
      key: "file",
      value: { path, content: Buffer.from(content).toString("base64"), encoding: "base64" },
    })),
  ];
  await explained(look, space, `the Space ${space}`, async () => {
    const answer = await look.door.expect(`${apiOf(look, space)}/commit/main`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`,
      signal: look.signal,
    });
    answer.close();
  });
}
