// Asks the search engines, one after the other until one answers.
import { HttpError } from "../../http/errors.ts";
import type { SearchEngine } from "../../http/types.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { lineOf } from "../markdown/clean.ts";
import { brave } from "./engines/brave.ts";
import { duckduckgo } from "./engines/duckduckgo.ts";
import { type Dialect, type Question, TurnedAway } from "./engines/engine.ts";
import type { Results } from "./engines/hits.ts";
import { openLine } from "./engines/line.ts";
import { marginalia } from "./engines/marginalia.ts";
import { searxng } from "./engines/searxng.ts";
import { tavily } from "./engines/tavily.ts";
import { rest, restOf, wake } from "./rests.ts";

const dialects: Record<SearchEngine["kind"], Dialect> = { brave, tavily, searxng, duckduckgo, marginalia };

/** What an engine answered. */
export interface Found {
  engine: SearchEngine;
  results: Results;
  /** What must be known of the answer: who was passed over, and which wishes it does not keep to. */
  notes: string[];
}

/** Milliseconds for all engines together, and for one while there are others. */
const allMs = 55_000;
const oneMs = 10_000;
/** Milliseconds for which an engine that cannot be reached is not asked first. */
const deadMs = 60_000;

/**
 * Asks. Throws `BAD_ARGUMENTS` for a page that no engine has, `UNAVAILABLE` when all turn us away, and the signal's
 * reason.
 */
export async function askEngines(question: Question, context: ToolContext): Promise<Found> {
  const engines = context.door.services.webSearch;
  const able = engines.filter(({ kind }) => dialects[kind].can.pages >= question.page);
  if (able.length === 0) {
    const most = Math.max(0, ...engines.map(({ kind }) => dialects[kind].can.pages));
    throw new ToolError("BAD_ARGUMENTS", `Only ${most} pages can be reached.`, "Narrow the query instead.");
  }
  const awake = able.filter(({ address }) => restOf(address) === null);
  const order = [...awake, ...able.filter((engine) => !awake.includes(engine))];
  const until = Date.now() + allMs;
  const away = new Map<SearchEngine, TurnedAway>();
  let old: Found | null = null;
  for (const [index, engine] of order.entries()) {
    const isLast = index === order.length - 1;
    const left = Math.max(1, until - Date.now());
    const limitMs = isLast ? left : Math.min(oneMs, left / (order.length - index));
    const dialect = dialects[engine.kind];
    const share = isLast
      ? { limitMs, patienceMs: limitMs, attempts: 3 }
      : { limitMs, patienceMs: dialect.patienceMs, attempts: 2 };
    const line = openLine(engine, share, context);
    try {
      const results = await dialect.ask(question, line);
      const since = line.staleSince();
      const notes = [...passedOver(engine, engines, able, away), ...lostWishes(engine, question)];
      if (since === null) {
        wake(engine.address);
        return { engine, results, notes };
      }
      old ??= { engine, results, notes: [...notes, oldWords(engine, since)] };
      throw new TurnedAway("did not answer anew", deadMs);
    } catch (error) {
      context.signal.throwIfAborted();
      const turned = meant(error, limitMs);
      away.set(engine, turned);
      rest(engine.address, turned.why, turned.restMs);
      context.log(`${engine.name} ${turned.why}`);
    }
  }
  if (old !== null) return old;
  throw nobody(away);
}

/** Why an engine gave nothing. What is no failure of an engine's is thrown on. */
function meant(error: unknown, limitMs: number): TurnedAway {
  if (error instanceof TurnedAway) return error;
  if (error instanceof HttpError) {
    const restMs = Math.min(error.retryAfterMs ?? deadMs, 10 * deadMs);
    return new TurnedAway(`cannot be asked: ${lineOf(error.message, 200)}`, restMs, error.hint);
  }
  if (error instanceof Error && error.name === "TimeoutError") {
    return new TurnedAway(`did not answer within ${Math.round(limitMs / 1_000)} s`, deadMs);
  }
  throw error;
}

/** Engines that stand before the one that answered and were not asked, or gave nothing. */
function passedOver(
  engine: SearchEngine,
  engines: readonly SearchEngine[],
  able: readonly SearchEngine[],
  away: ReadonlyMap<SearchEngine, TurnedAway>,
): string[] {
  const before = engines.slice(0, engines.indexOf(engine));
  const words = before.flatMap((one) => {
    if (!able.includes(one)) return [`${one.name} has no such page`];
    const why = away.get(one)?.why ?? restOf(one.address);
    return why === null ? [] : [`${one.name} ${why}${away.has(one) ? "" : " (a moment ago)"}`];
  });
  return words.length === 0 ? [] : [`Passed over: ${words.join("; ")}.`];
}

/** What of the question the engine that answered does not keep to. */
function lostWishes({ name, kind }: SearchEngine, { region, recency }: Question): string[] {
  const { can } = dialects[kind];
  const lost = [
    recency !== null && !can.recency ? "recency" : "",
    region !== null && !can.region(region) ? "this region" : "",
  ].filter((wish) => wish !== "");
  return lost.length === 0 ? [] : [`${name} does not keep to ${lost.join(" and ")}.`];
}

function oldWords({ name }: SearchEngine, since: number): string {
  const date = new Date(since).toISOString().slice(0, 16).replace("T", " ");
  return `Nobody answers now; this is what ${name} answered at ${date} UTC.`;
}

function nobody(away: ReadonlyMap<SearchEngine, TurnedAway>): ToolError {
  const each = [...away].map(([{ name }, { why }]) => `${name} ${why}`);
  const hints = [...new Set([...away.values()].flatMap(({ hint }) => (hint === undefined ? [] : [hint])))];
  const others =
    "Go on with other sources. The user can add engines: BRAVE_API_KEY, TAVILY_API_KEY, or addresses in web_search_url.";
  return new ToolError("UNAVAILABLE", `No search engine answered. ${each.join("; ")}.`, [...hints, others].join(" "));
}
