// The machines of a user, of either kind: jobs are preferred, and a Space stands in where the Hub gives none.
import { hasStatus } from "../http/errors.ts";
import type { Door } from "../http/types.ts";
import { RemoteError } from "./errors.ts";
import { jobMachines } from "./job-machine.ts";
import type { MachineName, MachineState, Machines } from "./machine.ts";
import type { Backend, CreateRequest, Machine } from "./protocol.ts";
import { createServer, type Server, sandboxToken } from "./server.ts";
import { spaceMachines } from "./space-machine.ts";

export interface OwnMachines {
  /** The machine that a call has made, or a new one. `say` hears of what is tried instead of what. */
  obtain(
    request: CreateRequest,
    sessionId: string,
    signal: AbortSignal,
    say: (line: string) => void,
  ): Promise<MachineState>;
  get(of: MachineName, signal: AbortSignal): Promise<MachineState | null>;
  end(of: MachineName, signal: AbortSignal): Promise<void>;
  own(namespace: string, signal: AbortSignal): Promise<{ machine: Machine; sessionId: string }[]>;
  /** The way to its server. Throws `MACHINE_FAILED` where it has no address yet, `MACHINE_REFUSED` for a strange one. */
  serverOf(state: MachineState): Server;
}

/** Statuses with which the Hub says that this account has no jobs: no credits, no right, no such thing. */
const noJobs = [402, 403, 404] as const;

/** Makes them. `token`: the user's; without one everything throws `MACHINE_REFUSED`. */
export function createMachines(door: Door, token: string | null, backend: Backend): OwnMachines {
  const { hub, openHosts } = door.services;

  function kinds(): { jobs: Machines; spaces: Machines } {
    if (token !== null) return { jobs: jobMachines(door, token), spaces: spaceMachines(door, token) };
    const where = `${hub}/settings/tokens`;
    throw new RemoteError("MACHINE_REFUSED", `A sandbox needs the user's token: set HF_TOKEN (${where}).`);
  }
  const kindOf = ({ id }: Pick<Machine, "id">): Machines => {
    const { jobs, spaces } = kinds();
    return spaces.knows(id) ? spaces : jobs;
  };

  return {
    async obtain(request, sessionId, signal, say) {
      const { jobs, spaces } = kinds();
      if (backend === "spaces") return spaces.obtain(request, sessionId, signal);
      try {
        return await jobs.obtain(request, sessionId, signal);
      } catch (error) {
        if (backend === "jobs" || !hasStatus(error, ...noJobs)) throw error;
        say(`${request.namespace} has no jobs (${error.message}); a Space stands in`);
        return spaces.obtain(request, sessionId, signal);
      }
    },
    get: (of, signal) => kindOf(of).get(of, signal),
    end: (of, signal) => kindOf(of).end(of, signal),
    async own(namespace, signal) {
      const { jobs, spaces } = kinds();
      const ofJobs = jobs.own(namespace, signal).catch((error: unknown) => {
        if (hasStatus(error, ...noJobs)) return [];
        throw error;
      });
      return (await Promise.all([ofJobs, spaces.own(namespace, signal)])).flat();
    },
    serverOf({ machine, address, nonce }) {
      if (address === null) throw new RemoteError("MACHINE_FAILED", "The Hub has given the sandbox no address yet.");
      const { host } = new URL(address);
      // The address comes from the Hub's answer; a token goes to the Hub's own domains, or where the user says.
      if (token === null || !(kindOf(machine).isAddress(host) || openHosts.includes(host))) {
        throw new RemoteError("MACHINE_REFUSED", `The sandbox's address ${host} is none of the Hub's.`);
      }
      const headers = { authorization: `Bearer ${token}`, "x-sandbox-token": sandboxToken(token, nonce) };
      return createServer(door, address, headers);
    },
  };
}
