// Machines that are Spaces, for accounts to which the Hub gives no jobs: a private Space whose only file builds an image
// with the same server in it. Its name says whose it is, so it is found again without a word of ours.
import { createHash } from "node:crypto";
import shipped from "../../configs/sandbox.json" with { type: "json" };
import { hasStatus } from "../http/errors.ts";
import type { Door } from "../http/types.ts";
import { pagedObjects } from "../hub/pages.ts";
import { asObject, asText } from "../shape.ts";
import { imageFor } from "./job-machine.ts";
import type { MachineState, Machines } from "./machine.ts";
import { type CreateRequest, labelOf, type Machine } from "./protocol.ts";
import { sandboxToken } from "./server.ts";

/** The port that the Hub shows of a Space. */
const spacePort = 7_860;
const prefix = "ml-intern-sandbox-";
/** Stages that a Space does not leave by itself for one in which it answers. */
const failed = new Set(["NO_APP_FILE", "CONFIG_ERROR", "BUILD_ERROR", "RUNTIME_ERROR", "DELETING"]);

/** Makes the kind. `token`: the user's. */
export function spaceMachines(door: Door, token: string): Machines {
  const { hub } = door.services;

  async function look(id: string, signal: AbortSignal): Promise<MachineState | null> {
    try {
      const info = asObject(await (await door.expect(`${hub}/api/spaces/${id}`, { signal })).json());
      const variables = await textsOf(id, signal);
      return stateOf(hub, id, info, variables);
    } catch (error) {
      if (hasStatus(error, 404)) return null;
      throw error;
    }
  }

  /** What was noted of the machine when it was made. */
  async function textsOf(id: string, signal: AbortSignal): Promise<Record<string, string>> {
    const answer = await door.send(`${hub}/api/spaces/${id}/variables`, { signal });
    if (!answer.ok) {
      answer.close();
      return {};
    }
    const entries = Object.entries(asObject(await answer.json()) ?? {});
    return Object.fromEntries(entries.map(([name, value]) => [name, asText(asObject(value)?.value)]));
  }

  async function create(request: CreateRequest, sessionId: string, name: string, signal: AbortSignal): Promise<void> {
    const id = `${request.namespace}/${name}`;
    const values = {
      ML_INTERN_SESSION: sessionId,
      ML_INTERN_CREATED: String(Date.now()),
      ML_INTERN_LIFETIME: String(request.lifetimeS),
      ML_INTERN_PRICE: String(request.priceUsdPerHour ?? ""),
      SBX_PORT: String(spacePort),
      SBX_IDLE_TIMEOUT: String(shipped.idle_s),
    };
    const answer = await door.expect(`${hub}/api/repos/create`, {
      method: "POST",
      signal,
      json: {
        type: "space",
        name,
        organization: request.namespace,
        visibility: "private",
        sdk: "docker",
        hardware: request.hardware,
        sleepTimeSeconds: shipped.idle_s,
        secrets: [{ key: "SBX_TOKEN", value: sandboxToken(token, id) }],
        variables: Object.entries(values).map(([key, value]) => ({ key, value })),
      },
    });
    answer.close();
    const files = { "README.md": readme, Dockerfile: dockerfile(hub, imageFor(request.hardware)) };
    const lines = [
      { key: "header", value: { summary: "Make the sandbox", description: "" } },
      ...Object.entries(files).map(([path, text]) => ({
        key: "file",
        value: { path, content: Buffer.from(text).toString("base64"), encoding: "base64" },
      })),
    ];
    const commit = await door.expect(`${hub}/api/spaces/${id}/commit/main`, {
      method: "POST",
      signal,
      headers: { "content-type": "application/x-ndjson" },
      body: lines.map((line) => JSON.stringify(line)).join("\n"),
      repeatable: true,
    });
    commit.close();
  }

  async function end({ id, namespace }: Pick<Machine, "id" | "namespace">, signal: AbortSignal): Promise<void> {
    const json = { type: "space", name: id.slice(id.indexOf("/") + 1), organization: namespace };
    const answer = await door.send(`${hub}/api/repos/delete`, { method: "DELETE", json, signal, repeatable: true });
    answer.close();
    if (!answer.ok && answer.status !== 404) {
      await door.expect(`${hub}/api/repos/delete`, { method: "DELETE", json, signal, repeatable: true });
    }
  }

  return {
    async obtain(request, sessionId, signal) {
      const label = labelOf(sessionId, request.callId);
      const name = `${prefix}${createHash("sha256").update(label).digest("hex").slice(0, 12)}`;
      const id = `${request.namespace}/${name}`;
      const found = await look(id, signal);
      if (found !== null) return found;
      try {
        await create(request, sessionId, name, signal);
      } catch (error) {
        // A Space that was half made costs, and nobody would look for it.
        await end({ id, namespace: request.namespace }, AbortSignal.timeout(30_000)).catch(() => undefined);
        throw error;
      }
      const made = await look(id, signal);
      if (made === null) throw new Error("The Space that was made is not there.");
      return made;
    },
    get: ({ id }, signal) => look(id, signal),
    end,
    async own(namespace, signal) {
      const found: { machine: Machine; sessionId: string }[] = [];
      const url = `${hub}/api/spaces?author=${encodeURIComponent(namespace)}&search=${prefix}&full=true`;
      for await (const entry of pagedObjects(door, url, { signal })) {
        const id = asText(entry.id);
        // The search is a loose one, and a name alone is no proof: what was noted in it is.
        if (!id.startsWith(`${namespace}/${prefix}`)) continue;
        const variables = await textsOf(id, signal);
        const state = variables.ML_INTERN_SESSION === undefined ? null : await look(id, signal);
        if (state !== null) found.push({ machine: state.machine, sessionId: variables.ML_INTERN_SESSION ?? "" });
      }
      return found;
    },
    knows: (id) => id.includes("/"),
    isAddress: (host) => /^[a-z0-9-]+\.hf\.space$/.test(host),
  };
}

function stateOf(
  hub: string,
  id: string,
  info: Record<string, unknown> | null,
  variables: Readonly<Record<string, string>>,
): MachineState {
  const runtime = asObject(info?.runtime) ?? {};
  const stage = asText(runtime.stage);
  const hardware = asObject(runtime.hardware) ?? {};
  const current = asText(hardware.current);
  const requested = asText(hardware.requested);
  const createdAt = Number(variables.ML_INTERN_CREATED) || Date.parse(asText(info?.createdAt)) || Date.now();
  const lifetimeS = Number(variables.ML_INTERN_LIFETIME) || 3_600;
  const price = variables.ML_INTERN_PRICE ?? "";
  const isPast = Date.now() > createdAt + lifetimeS * 1_000;
  return {
    machine: {
      id,
      namespace: id.slice(0, id.indexOf("/")),
      hardware: requested || current,
      image: imageFor(requested || current),
      createdAt,
      lifetimeS,
      priceUsdPerHour: price === "" ? null : Number(price),
      workspace: shipped.workspace,
      url: `${hub}/spaces/${id}`,
    },
    stage: stage.toLowerCase().replaceAll("_", " "),
    message: asText(runtime.errorMessage),
    // A Space that was asleep has lost its disk, which is an end as well.
    isOver: failed.has(stage) || stage === "SLEEPING" || stage === "PAUSED" || stage === "STOPPED" || isPast,
    address: stage === "RUNNING" && (requested === "" || current === requested) ? asText(info?.host) || null : null,
    nonce: id,
  };
}

const readme = `---
title: Sandbox
sdk: docker
app_port: ${spacePort}
---

The sandbox of a session of ml-intern. It is deleted when the session ends.
`;

/** The image: the usual one, with the server in it, which is checked against its known sum. */
function dockerfile(hub: string, image: string): string {
  const { server } = shipped;
  return `FROM ${image}
ADD --checksum=sha256:${server.sha256} ${hub}/buckets/${server.bucket}/resolve/${server.object} /sandbox-server
RUN chmod 755 /sandbox-server && mkdir -p ${shipped.workspace} && chmod 777 ${shipped.workspace}
CMD ["/sandbox-server"]
`;
}
