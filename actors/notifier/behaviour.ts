// The notifier: takes messages, keeps their order for each destination, and has them delivered. What it holds is lost
// when it dies; whoever waits for a message then hears so and sends it again under the same key.
import type { BehaviourFactory, MessageContext } from "../../runtime/index.ts";
import { createRedactor } from "../redaction/redactor.ts";
import { deliver, withdrawal } from "./deliver.ts";
import { NotifyError } from "./errors.ts";
import { type Gateway, gatewayTo } from "./gateway.ts";
import { createLane, type Lane, type Waiting } from "./lane.ts";
import { createLedger } from "./ledger.ts";
import type { NotifierArgs, NotifierProtocol, OutgoingMessage, SendProgress, Sent } from "./protocol.ts";
import { createDesk } from "./questions/desk.ts";
import { type Resolvers, withResolvers } from "./resolvers.ts";
import { withinLimit } from "./text.ts";

/** A message that somebody waits for. */
interface Entry {
  message: OutgoingMessage;
  done: Resolvers<Sent>;
  /** Those who wait for it: asked twice under one key, it is one message. */
  askers: Set<MessageContext>;
  withdraw: AbortController;
}

interface Way {
  gateway: Gateway;
  lane: Lane;
}

const notifier: BehaviourFactory<NotifierProtocol, NotifierArgs> = (args, context) => {
  const redactor = createRedactor({ secrets: args.secrets });
  const ways = new Map<string, Way>();
  const ledger = createLedger();
  const underWay = new Map<string, Entry>();
  const desk = createDesk({
    ...args,
    redact: redactor.text,
    stopped: context.signal,
    log: (message, fields) => context.log("warn", message, fields),
  });

  function wayTo(name: string): Way {
    const known = ways.get(name);
    if (known !== undefined) return known;
    const destination = Object.hasOwn(args.destinations, name) ? args.destinations[name] : undefined;
    if (destination === undefined) throw unknownDestination(name, Object.keys(args.destinations));
    const way = { gateway: gatewayTo(destination, args.limits.timeoutMs), lane: createLane(args.limits.queue) };
    ways.set(name, way);
    return way;
  }

  /** The message as it leaves: without secrets, within its limit. Cut first, half a secret would not be recognised. */
  function outgoing(message: OutgoingMessage, missed: number): OutgoingMessage {
    const note: Record<string, string> = missed === 0 ? {} : { earlier_messages_not_sent: String(missed) };
    const facts = Object.entries({ ...message.metadata, ...args.metadata, ...note });
    return {
      ...message,
      title: message.title === null ? null : redactor.text(message.title),
      body: withinLimit(redactor.text(message.body)),
      metadata: Object.fromEntries(facts.map(([name, value]) => [name, redactor.text(value)])),
    };
  }

  async function carryOut(entry: Entry, gateway: Gateway, missed: number): Promise<Sent> {
    const { message, askers } = entry;
    // One that was taken back on its way, and is wanted again, may have arrived.
    const before = ledger.sent(message.key);
    if (before !== undefined) return before;
    const posted = Math.max(message.posted ?? 0, ledger.posted(message.key));
    const { externalId, attempts } = await deliver({
      gateway,
      // What is said of other messages must not move the places at which a message that was begun is cut.
      posts: gateway.posts(outgoing(message, posted === 0 ? missed : 0), `${args.session}/${message.key}`),
      posted,
      limits: args.limits,
      withdrawn: entry.withdraw.signal,
      stopped: context.signal,
      onPosted(count) {
        ledger.notePosted(message.key, count);
        for (const asker of askers) asker.progress({ posted: count } satisfies SendProgress);
      },
    });
    const provider = args.destinations[message.destination]?.provider ?? "webhook";
    const sent: Sent = { destination: message.destination, provider, externalId, attempts };
    ledger.noteSent(message.key, sent);
    return sent;
  }

  function enqueue(message: OutgoingMessage): Entry {
    const { gateway, lane } = wayTo(message.destination);
    const entry: Entry = { message, done: withResolvers(), askers: new Set(), withdraw: new AbortController() };
    const settle = (act: () => void) => {
      if (underWay.get(message.key) === entry) underWay.delete(message.key);
      act();
    };
    const waiting: Waiting = {
      isExpendable: message.origin === "auto",
      async run(missed) {
        try {
          const sent = await carryOut(entry, gateway, missed);
          settle(() => entry.done.resolve(sent));
          return true;
        } catch (error) {
          settle(() => entry.done.reject(noted(message, error)));
          return false;
        }
      },
      drop: () => settle(() => entry.done.reject(noted(message, dropped(message.destination)))),
    };
    underWay.set(message.key, entry);
    entry.withdraw.signal.addEventListener("abort", () => {
      if (lane.remove(waiting)) settle(() => entry.done.reject(withdrawal(0)));
    });
    if (!lane.push(waiting)) settle(() => entry.done.reject(noted(message, queueFull(message.destination))));
    return entry;
  }

  function noted(message: OutgoingMessage, error: unknown): unknown {
    const code = error instanceof NotifyError ? error.code : "unexpected";
    const text = redactor.text(error instanceof Error ? error.message : String(error));
    context.log("warn", "a message was not sent", { destination: message.destination, code, text });
    return error;
  }

  return {
    tells: {},
    asks: {
      send(message, asked) {
        const sent = ledger.sent(message.key);
        if (sent !== undefined) return sent;
        const known = underWay.get(message.key);
        const entry = known === undefined || known.withdraw.signal.aborted ? enqueue(message) : known;
        entry.askers.add(asked);
        asked.signal.addEventListener("abort", () => {
          entry.askers.delete(asked);
          if (entry.askers.size === 0) entry.withdraw.abort();
        });
        return entry.done.promise;
      },
      question: (question, asked) => desk.ask(question, asked),
      settle: (settled) => desk.settle(settled),
    },
  };
};

export default notifier;

function unknownDestination(name: string, names: readonly string[]): NotifyError {
  const hint = names.length === 0 ? "There are none." : `There are: ${names.join(", ")}.`;
  return new NotifyError("NOTIFY_UNKNOWN_DESTINATION", `No destination is named "${name}".`, { hint, attempts: 0 });
}

function dropped(destination: string): NotifyError {
  const message = `Too many messages wait for ${destination}: this one was given up for newer ones.`;
  return new NotifyError("NOTIFY_DROPPED", message, { attempts: 0 });
}

function queueFull(destination: string): NotifyError {
  const message = `Too many messages wait for ${destination} already.`;
  const hint = "Send less, or wait until the destination can be reached again.";
  return new NotifyError("NOTIFY_QUEUE_FULL", message, { hint, attempts: 0 });
}
