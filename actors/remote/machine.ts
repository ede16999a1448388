// Machines of the Hub: a machine is a job that runs the sandbox server. It is found again by its labels, and its token
// is derived anew from the nonce among them, so that nothing about it need be kept here.
import { randomBytes } from "node:crypto";
import shipped from "../../configs/sandbox.json" with { type: "json" };
import type { Door } from "../http/types.ts";
import { cancelJob, findJob, getJob, type JobsReach, listJobs, runJob } from "../hub/jobs/client.ts";
import { hasEnded, type JobInfo, type JobSpec } from "../hub/jobs/types.ts";
import { RemoteError } from "./errors.ts";
import { type CreateRequest, callLabel, labelOf, type Machine, ownLabel, sessionLabel } from "./protocol.ts";
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

/** The machines of a user, through the Hub's jobs. All of it throws what the door throws. */
export interface Machines {
  /** The machine that a call has made, if it is there; else a new one. */
  obtain(request: CreateRequest, sessionId: string, signal: AbortSignal): Promise<JobInfo>;
  get(of: { namespace: string; id: string }, signal: AbortSignal): Promise<JobInfo>;
  cancel(of: { namespace: string; id: string }, signal: AbortSignal): Promise<void>;
  /** Where its server listens; null: not yet. */
  addressOf(job: JobInfo): string | null;
  /** The headers for its server. Throws `MACHINE_REFUSED` without a token of the user's, and for a strange address. */
  headersFor(job: JobInfo, address: string): Record<string, string>;
  describe(job: JobInfo): Machine;
}

/** Makes them. `token`: the user's. */
export function createMachines(door: Door, token: string | null): Machines {
  const { hub } = door.services;
  const reach = (signal: AbortSignal): JobsReach => ({ door, signal });

  function requireToken(): string {
    if (token !== null) return token;
    throw new RemoteError(
      "MACHINE_REFUSED",
      `A sandbox needs the user's token: set HF_TOKEN (${hub}/settings/tokens).`,
    );
  }

  return {
    async obtain(request, sessionId, signal) {
      const label = labelOf(sessionId, request.callId);
      const found = await findJob(reach(signal), request.namespace, [callLabel, label]);
      if (found !== null && !hasEnded(found.stage)) return withNamespace(found, request.namespace);
      const nonce = randomBytes(16).toString("hex");
      const spec = specOf(hub, request, sandboxToken(requireToken(), nonce), {
        "hf-sandbox": "1",
        "hf-sandbox-mode": "dedicated",
        [nonceLabel]: nonce,
        [ownLabel.name]: ownLabel.value,
        [sessionLabel]: sessionId,
        [callLabel]: label,
      });
      return withNamespace(await runJob(reach(signal), request.namespace, spec), request.namespace);
    },
    get: async ({ namespace, id }, signal) => withNamespace(await getJob(reach(signal), namespace, id), namespace),
    async cancel({ namespace, id }, signal) {
      await cancelJob(reach(signal), namespace, id);
    },
    addressOf({ exposeUrls }) {
      const own = exposeUrls.find((url) => url.includes(`--${serverPort}`)) ?? exposeUrls[0];
      return own === undefined ? null : own.replace(/\/+$/, "");
    },
    headersFor({ labels }, address) {
      const own = requireToken();
      const { host } = new URL(address);
      // The address comes from the Hub's answer; a token goes to the Hub's own domain for jobs, or where the user says.
      const isKnown = /^[a-z0-9-]+\.hf\.jobs$/.test(host) || door.services.openHosts.includes(host);
      if (!isKnown) throw new RemoteError("MACHINE_REFUSED", `The sandbox's address ${host} is none of the Hub's.`);
      return {
        authorization: `Bearer ${own}`,
        "x-sandbox-token": sandboxToken(own, labels[nonceLabel] ?? ""),
      };
    },
    describe: (job) => ({
      id: job.id,
      namespace: job.namespace,
      hardware: job.flavor,
      image: job.dockerImage,
      createdAt: job.createdAt ?? Date.now(),
      lifetimeS: Number(job.environment.ML_INTERN_LIFETIME) || job.timeoutSeconds || 0,
      priceUsdPerHour: numberIn(job.environment.ML_INTERN_PRICE),
      workspace: shipped.workspace,
    }),
  };
}

function specOf(hub: string, request: CreateRequest, secret: string, labels: Record<string, string>): JobSpec {
  const { server } = shipped;
  const isGpu = !request.hardware.startsWith("cpu");
  return {
    dockerImage: isGpu ? shipped.gpu_image : shipped.image,
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

/** All machines of ours in an account that are not over, of whatever session. Throws what the door throws. */
export async function ownMachines(door: Door, namespace: string, signal: AbortSignal): Promise<JobInfo[]> {
  const found: JobInfo[] = [];
  const label = [ownLabel.name, ownLabel.value] as const;
  for await (const job of listJobs({ door, signal }, namespace, { label })) {
    if (!hasEnded(job.stage)) found.push(withNamespace(job, namespace));
  }
  return found;
}

function withNamespace(job: JobInfo, namespace: string): JobInfo {
  return job.namespace === "" ? { ...job, namespace } : job;
}

function numberIn(text: string | undefined): number | null {
  return text === undefined || text === "" || Number.isNaN(Number(text)) ? null : Number(text);
}
