// The user's machines on the Hub that were made by this program, of whatever session: to be listed and ended from outside
// any session, so that none is forgotten.
import { createDoor } from "../http/door.ts";
import { waits } from "../http/manners.ts";
import type { ServiceKeys, Services } from "../http/types.ts";
import { whoami } from "../hub/whoami.ts";
import { createMachines } from "../remote/machines.ts";

/** A machine that runs. */
export interface OwnMachine {
  id: string;
  namespace: string;
  hardware: string;
  /** The session that it was made for; empty when it does not say. */
  sessionId: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** When it ends at the latest. */
  endsAt: number;
  priceUsdPerHour: number | null;
  url: string;
}

/** The way to them. */
export interface OwnMachines {
  list(signal: AbortSignal): Promise<OwnMachine[]>;
  end(machine: OwnMachine, signal: AbortSignal): Promise<void>;
}

/** Makes it. Its functions throw `HttpError`. */
export function openMachines(services: Services, keys: ServiceKeys, userAgent: string): OwnMachines {
  const door = createDoor({ services, keys, userAgent, cacheDir: null, waits });
  const machines = createMachines(door, keys.hub, "auto");
  return {
    async list(signal) {
      const { name, orgs } = await whoami(door, signal);
      const owners = [name, ...orgs.flatMap((org) => (org.canPay === false ? [] : [org.name]))];
      const found = await Promise.all(owners.map((owner) => machines.own(owner, signal)));
      return found.flat().map(({ machine, sessionId }) => {
        const { id, namespace, hardware, createdAt, lifetimeS, priceUsdPerHour, url } = machine;
        return {
          id,
          namespace,
          hardware,
          sessionId,
          createdAt,
          endsAt: createdAt + lifetimeS * 1_000,
          priceUsdPerHour,
          url,
        };
      });
    },
    end: (machine, signal) => machines.end(machine, signal),
  };
}
