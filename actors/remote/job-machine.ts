// Machines that are jobs: each runs the sandbox server. One is found again by its labels, and its token is derived anew
// from the nonce among them, so that nothing about it need be kept here.
import { randomBytes } from "node:crypto";
import shipped from "../../configs/sandbox.json" with { type: "json" };
import { hasStatus } from "../http/errors.ts";
import type { Door } from "../http/types.ts";
import { cancelJob, findJob, getJob, type JobsReach, jobPage, listJobs, runJob } from "../hub/jobs/client.ts";
import { hasEnded, type JobInfo, type JobSpec } from "../hub/jobs/types.ts";
import type { MachineState, Machines } from "./machine.ts";
import { type CreateRequest, callLabel, labelOf, ownLabel, sessionLabel } from "./protocol.ts";
import { sandboxToken, serverPort } from "./server.ts";

const nonceLabel = "hf-sandbox-nonce";

/**
 * What a machine does first: gets the server, checks that it is the one that we know, and becomes it. The server lies in
 * a public bucket, which is mounted as well, for images that have no program to fetch with.
 */
const bootstrap = `set -eu
file=/tmp/.sandbox-server
if command -v curl >/dev/null 2>&1; then curl -fsSL -o "$file" "$SBX_SERVER_URL"
elif command -v wget >/dev/null 2>&1; then wget -q -O "$file" "$SBX_SERVER_URL"
else cp "$SBX_SERVER_MOUNT/$SBX_SERVER_OBJECT" "$file"; fi
sum=$(sha256sum "$file" | cut -d" " -f1)
[ "$sum" = "$SBX_SERVER_SHA256" ] || { echo "the sandbox server is not the one that was expected: $sum" >&2; exit 1; }
chmod +x "$file"
exec "$file"`;

/** Makes the kind. `token`: the user's. */
export function jobMachines(door: Door, token: string): Machines {
  const { hub } = door.services;
  const reach = (signal: AbortSignal): JobsReach => ({ door, signal });

  function stateOf(job: JobInfo, namespace: string): MachineState {
    const owner = job.namespace === "" ? namespace : job.namespace;
    const own = job.exposeUrls.find((url) => url.includes(`--${serverPort}`)) ?? job.exposeUrls[0];
    return {
      machine: {
        id: job.id,
        namespace: owner,
        hardware: job.flavor,
        image: job.dockerImage,
        createdAt: job.createdAt ?? Date.now(),
        lifetimeS: Number(job.environment.ML_INTERN_LIFETIME) || job.timeoutSeconds || 0,
        priceUsdPerHour: numberIn(job.environment.ML_INTERN_PRICE),
        workspace: shipped.workspace,
        url: jobPage(hub, owner, job.id),
      },
      stage: job.stage.toLowerCase(),
      message: job.message,
      isOver: hasEnded(job.stage),
      address: own === undefined ? null : own.replace(/\/+$/, ""),
      nonce: job.labels[nonceLabel] ?? "",
    };
  }

  return {
    async obtain(request, sessionId, signal) {
      const label = labelOf(sessionId, request.callId);
      const found = await findJob(reach(signal), request.namespace, [callLabel, label]);
      if (found !== null && !hasEnded(found.stage)) return stateOf(found, request.namespace);
      const nonce = randomBytes(16).toString("hex");
      const spec = specOf(hub, request, sandboxToken(token, nonce), {
        "hf-sandbox": "1",
        "hf-sandbox-mode": "dedicated",
        [nonceLabel]: nonce,
        [ownLabel.name]: ownLabel.value,
        [sessionLabel]: sessionId,
        [callLabel]: label,
      });
      return stateOf(await runJob(reach(signal), request.namespace, spec), request.namespace);
    },
    async get({ namespace, id }, signal) {
      try {
        return stateOf(await getJob(reach(signal), namespace, id), namespace);
      } catch (error) {
        if (hasStatus(error, 404)) return null;
        throw error;
      }
    },
    async end({ namespace, id }, signal) {
      await cancelJob(reach(signal), namespace, id);
    },
    async own(namespace, signal) {
      const found: { machine: MachineState["machine"]; sessionId: string }[] = [];
      const label = [ownLabel.name, ownLabel.value] as const;
      for await (const job of listJobs(reach(signal), namespace, { label })) {
        if (hasEnded(job.stage)) continue;
        found.push({ machine: stateOf(job, namespace).machine, sessionId: job.labels[sessionLabel] ?? "" });
      }
      return found;
    },
    knows: (id) => !id.includes("/"),
    isAddress: (host) => /^[a-z0-9-]+\.hf\.jobs$/.test(host),
  };
}

function specOf(hub: string, request: CreateRequest, secret: string, labels: Record<string, string>): JobSpec {
  const { server } = shipped;
  return {
    dockerImage: imageFor(request.hardware),
    command: ["/bin/sh", "-c", bootstrap],
    environment: {
      SBX_PORT: String(serverPort),
      SBX_IDLE_TIMEOUT: String(shipped.idle_s),
      SBX_SERVER_URL: `${hub}/buckets/${server.bucket}/resolve/${server.object}`,
      SBX_SERVER_OBJECT: server.object,
      SBX_SERVER_SHA256: server.sha256,
      SBX_SERVER_MOUNT: server.mount,
      // Said here so that whoever finds the machine knows how long it lives and what it costs.
      ML_INTERN_LIFETIME: String(request.lifetimeS),
      ML_INTERN_PRICE: String(request.priceUsdPerHour ?? ""),
    },
    secrets: { SBX_TOKEN: secret },
    flavor: request.hardware,
    timeoutSeconds: request.lifetimeS,
    labels,
    volumes: [{ type: "bucket", source: server.bucket, mountPath: server.mount, readOnly: true }],
    expose: { ports: [serverPort] },
  };
}

/** The image of a machine with this hardware. */
export function imageFor(hardware: string): string {
  return hardware.startsWith("cpu") ? shipped.image : shipped.gpu_image;
}

function numberIn(text: string | undefined): number | null {
  return text === undefined || text === "" || Number.isNaN(Number(text)) ? null : Number(text);
}
