// What a call would launch: pure, from its settled arguments.
import { createHash } from "node:crypto";
import type { JobSpec } from "../../hub/jobs/types.ts";
import type { LookContext } from "../contract.ts";
import { headerOf } from "./header.ts";
import type { Input } from "./input.ts";
import { uvCommand, uvImage } from "./uv.ts";
import { volumesOf } from "./volumes.ts";

/** The labels by which a session finds its jobs. */
export const sessionLabel = "ml-intern-session";
export const callLabel = "ml-intern-call";

/** The label of a call: the same each time, and another one in every session. */
export function callMark(session: string, callId: string): string {
  return createHash("sha256").update(`${session}\0${callId}`).digest("hex").slice(0, 32);
}

/** Variables that every job gets: output that is not held back, and no progress bars, which would fill the log. */
const usualEnvironment = {
  PYTHONUNBUFFERED: "1",
  UV_NO_PROGRESS: "1",
  HF_HUB_DISABLE_PROGRESS_BARS: "1",
  TQDM_DISABLE: "1",
};

/** The body of the request, but for the values of secrets. Throws a `ToolError` for arguments that make no job. */
export function specOf(args: Input, labels: Readonly<Record<string, string>>): JobSpec {
  const { script, settled = {} } = args;
  const volumes = volumesOf(args.volumes ?? []);
  const trackio = args.trackio;
  return {
    ...imageOf(args.image ?? (script === undefined ? "python:3.12" : uvImage)),
    command:
      script === undefined
        ? (args.command ?? [])
        : uvCommand({
            text: script,
            name: settled.script_name ?? "script.py",
            args: args.script_args ?? [],
            dependencies: [
              ...(args.dependencies ?? []),
              ...(trackio === undefined || hasTrackio(args) ? [] : ["trackio"]),
            ],
            python: args.python ?? null,
          }),
    environment: {
      ...(script === undefined ? {} : usualEnvironment),
      ...(trackio === undefined ? {} : { TRACKIO_SPACE_ID: trackio.space, TRACKIO_PROJECT: trackio.project }),
      ...args.env,
    },
    flavor: args.hardware_flavor ?? "cpu-basic",
    timeoutSeconds: settled.seconds ?? 0,
    labels: { ...args.labels, ...labels },
    ...(volumes.length === 0 ? {} : { volumes }),
  };
}

/** The whole body, with the values of the secrets that the call names. */
export function bodyOf(
  args: Input,
  labels: Readonly<Record<string, string>>,
  { jobSecrets }: Pick<LookContext, "jobSecrets">,
): JobSpec {
  const secrets = Object.fromEntries((args.secrets ?? []).map((name) => [name, jobSecrets[name] ?? ""]));
  const spec = specOf(args, labels);
  return Object.keys(secrets).length === 0 ? spec : { ...spec, secrets };
}

/** An image that is named by the address of a Space goes by the Space's name (huggingface_hub, run_job). */
function imageOf(image: string): Pick<JobSpec, "dockerImage" | "spaceId"> {
  const space = /^(?:https:\/\/)?(?:huggingface\.co|hf\.co)\/spaces\/([\w.-]+\/[\w.-]+)\/?$/.exec(image)?.[1];
  return space === undefined ? { dockerImage: image } : { spaceId: space };
}

function hasTrackio({ script, dependencies = [] }: Input): boolean {
  const all = [...dependencies, ...(headerOf(script ?? "")?.dependencies ?? [])];
  return all.some((one) => /^trackio\b/.test(one.trim()));
}
