// The questions that are open at destinations: posts them, takes what approvers press, and says in each message what
// became of it. Whether an answer counts in the end is the session's to say.
import type { MessageContext } from "../../../runtime/index.ts";
import { persist, withdrawal } from "../deliver.ts";
import { type Failed, GatewayError, NotifyError } from "../errors.ts";
import {
  answersIn,
  type Destination,
  type NotifierArgs,
  type OutgoingQuestion,
  type PersonsAnswer,
  type QuestionProgress,
  type QuestionText,
  type SettledQuestion,
  type SlackAnswers,
} from "../protocol.ts";
import { type Resolvers, withResolvers } from "../resolvers.ts";
import { argumentsOf, type SlackDestination } from "../slack.ts";
import { slackCaller } from "../slack-client.ts";
import { oneLine } from "../text.ts";
import { type QuestionPost, questionPost, settledPost } from "./blocks.ts";
import { type Click, readClick, refusalOf } from "./click.ts";
import { createLink, type Link } from "./link.ts";

type Place = SlackDestination & { answers: SlackAnswers };

/** A question that waits for an approver. */
interface Entry {
  place: Place;
  question: OutgoingQuestion;
  /** What Slack calls its message; null: there is none. */
  posted: Promise<string | null>;
  answeredBy: string | null;
  askers: Set<MessageContext>;
  withdraw: AbortController;
  done: Resolvers<PersonsAnswer>;
}

export interface DeskOptions extends Pick<NotifierArgs, "destinations" | "session" | "limits"> {
  /** Takes secrets out of a text. */
  redact(text: string): string;
  stopped: AbortSignal;
  log(message: string, fields: Record<string, unknown>): void;
}

export interface Desk {
  ask(question: OutgoingQuestion, asker: MessageContext): Promise<PersonsAnswer>;
  settle(settled: SettledQuestion): Promise<null>;
}

export function createDesk(options: DeskOptions): Desk {
  const { destinations, session, limits, redact, stopped, log } = options;
  /** By seal. */
  const entries = new Map<string, Entry>();
  /** By app token: two destinations of one app share a connection, or clicks would arrive on the wrong one. */
  const links = new Map<string, Link>();

  function placeOf(name: string): Place {
    const destination = Object.hasOwn(destinations, name) ? destinations[name] : undefined;
    if (destination !== undefined && takesAnswers(destination)) return destination;
    throw new NotifyError("NOTIFY_UNKNOWN_DESTINATION", `Nobody can answer questions at "${name}".`, { attempts: 0 });
  }

  const placesWith = (appToken: string) =>
    Object.values(destinations)
      .filter(takesAnswers)
      .filter(({ answers }) => answers.appToken === appToken);

  function linkOf({ apiUrl, answers: { appToken } }: Place): Link {
    const known = links.get(appToken);
    if (known !== undefined) return known;
    const link = createLink({
      apiUrl,
      appToken,
      limits,
      signal: stopped,
      onInteraction(payload) {
        const click = readClick(payload);
        if (click !== null) take(click, placesWith(appToken));
      },
      onLost: (failed) => lost(appToken, failed),
    });
    links.set(appToken, link);
    return link;
  }

  function clean({ title, preview, facts }: QuestionText): QuestionText {
    return { title: redact(title), preview: redact(preview), facts: facts.map(redact) };
  }

  function callerOf({ apiUrl, token }: Place) {
    return slackCaller(apiUrl, token, limits.timeoutMs);
  }

  async function post(entry: Entry, { text, blocks }: QuestionPost): Promise<string | null> {
    const { place, question, withdraw } = entry;
    const key = `${session}/question/${question.question}/${question.seal.slice(0, 8)}`;
    const request = () =>
      callerOf(place)((client) => client.chat.postMessage({ ...argumentsOf(place, { key, text }), blocks }), stopped);
    const { ts } = await persist(request, { limits, withdrawn: withdraw.signal, effort: { attempts: 0 } });
    return ts ?? null;
  }

  async function put(entry: Entry): Promise<string | null> {
    const { place, question } = entry;
    const text = clean(question.text);
    const gone = await linkOf(place)
      .ready()
      .then(() => null, failureOf);
    // A question is worth a message also where it can be answered at the terminal only.
    const last =
      gone === null
        ? { session, question: question.question, seal: question.seal }
        : { instead: "No answer can come from here: answer at the terminal." };
    const id = await post(entry, questionPost(text, last));
    if (gone !== null) entry.done.reject(gone);
    if (id !== null) tell(entry, { kind: "posted", id });
    return id;
  }

  function tell({ askers }: Entry, update: QuestionProgress): void {
    for (const asker of askers) asker.progress(update);
  }

  /** Tells all who wait for an answer over a connection that there is none, or that there will be none. */
  function lost(appToken: string, failed: Failed): void {
    const { code, message, hint } = failed;
    log("answers cannot be received", { code, text: redact(message) });
    const told = new Set<Place>();
    for (const entry of entries.values()) {
      const { place, done } = entry;
      if (place.answers.appToken !== appToken) continue;
      if (!failed.isRetriable) done.reject(finalError(failed));
      // Once for a destination, however many questions are open there.
      else if (!told.has(place)) {
        tell(entry, { kind: "unreachable", code, message, ...(hint === undefined ? {} : { hint }) });
      }
      told.add(place);
    }
  }

  /** Somebody has pressed a button. */
  function take(click: Click, places: readonly Place[]): void {
    const entry = click.value === null ? undefined : entries.get(click.value.seal);
    const standing =
      entry === undefined
        ? undefined
        : {
            question: entry.question.question,
            approvers: entry.place.answers.approvers,
            answeredBy: entry.answeredBy,
          };
    const everybody = places.flatMap(({ answers }) => answers.approvers);
    const refusal = refusalOf(click, session, standing, everybody);
    const place = entry?.place ?? places[0];
    if (refusal !== null || entry === undefined) {
      if (place !== undefined && refusal !== null) void whisper(place, click, refusal);
      return;
    }
    const user = { id: click.user.id, name: oneLine(click.user.name, 80) };
    entry.answeredBy = user.name;
    entry.done.resolve({ approved: click.approved, user });
  }

  /** Says something to whoever clicked, and to nobody else. */
  async function whisper(place: Place, { channel, user }: Click, text: string): Promise<void> {
    const where = { channel: channel ?? place.channel, user: user.id, text };
    const request = () => callerOf(place)((client) => client.chat.postEphemeral(where), stopped);
    try {
      await persist(request, { limits, withdrawn: stopped, effort: { attempts: 0 } });
    } catch (error) {
      log("a click could not be answered", { text: redact(String(error)) });
    }
  }

  function open(question: OutgoingQuestion, place: Place): Entry {
    const entry: Entry = {
      place,
      question,
      posted: Promise.resolve(question.posted ?? null),
      answeredBy: null,
      askers: new Set(),
      withdraw: new AbortController(),
      done: withResolvers(),
    };
    // Whoever asked may have gone before it fails.
    entry.done.promise.catch(() => undefined);
    entries.set(question.seal, entry);
    const failed = (error: unknown) => {
      entry.done.reject(failureOf(error));
      return null;
    };
    // A message that is there needs nothing but ears.
    if (question.posted === undefined) entry.posted = put(entry).catch(failed);
    else linkOf(place).ready().catch(failed);
    return entry;
  }

  return {
    async ask(question, asker) {
      const place = placeOf(question.destination);
      const known = entries.get(question.seal);
      const isWaiting = known !== undefined && known.answeredBy === null;
      const entry = isWaiting ? known : open(question, place);
      entry.askers.add(asker);
      asker.signal.addEventListener("abort", () => entry.askers.delete(asker));
      return entry.done.promise;
    },
    async settle({ destination, seal, text, outcome, posted }) {
      const place = placeOf(destination);
      const entry = entries.get(seal);
      entries.delete(seal);
      entry?.withdraw.abort();
      entry?.done.reject(withdrawal(0));
      const ts = (await entry?.posted) ?? posted ?? null;
      if (ts === null) return null;
      const update = { channel: place.channel, ts, ...settledPost(clean(text), redact(outcome)) };
      const request = () => callerOf(place)((client) => client.chat.update(update), stopped);
      await persist(request, { limits, withdrawn: stopped, effort: { attempts: 0 } });
      return null;
    },
  };
}

function takesAnswers(destination: Destination): destination is Place {
  return answersIn(destination) !== null;
}

function failureOf(error: unknown): unknown {
  return error instanceof GatewayError ? finalError(error.failed) : error;
}

function finalError({ code, message, hint }: Failed): NotifyError {
  return new NotifyError(code, message, { attempts: 1, ...(hint === undefined ? {} : { hint }) });
}
