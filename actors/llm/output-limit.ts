// What a refusal says about the limit of output tokens. Wordings differ, the numbers tell.
import type { LimitName } from "./openai/dialect.ts";

/** Output tokens below which a request makes no sense. */
const least = 16;

/**
 * The most output tokens that a refused request may ask for, or null when the refusal is about something else. `room`:
 * it holds for this conversation only, since prompt and output together have to fit into the window.
 */
export function allowedOutput(message: string, asked: number): { tokens: number; room: boolean } | null {
  const aboutLimit = /max_(completion_|output_)?tokens|completion tokens|in the completion|output tokens/i.test(
    message,
  );
  if (!aboutLimit) return null;
  const room = roomIn(message);
  if (room !== null) return room >= least && room < asked ? { tokens: room, room: true } : null;
  const [, named = ""] =
    /(?:at most|less than or equal to|no more than|<=|up to|maximum(?: allowed)?(?: value)?(?: is| of|:)?|\[\s*\d+\s*,)\s*(\d[\d,]*)/i.exec(
      message,
    ) ?? [];
  const tokens = numberIn(named);
  return tokens >= least && tokens < asked ? { tokens, room: false } : null;
}

/** Window less prompt, where a message names both. */
function roomIn(message: string): number | null {
  const [, window] = /maximum context length (?:is|of) (\d[\d,]*)/i.exec(message) ?? [];
  const [, prompt] =
    /(?:request has|prompt contains(?: at least)?) (\d[\d,]*) input tokens/i.exec(message) ??
    /\((\d[\d,]*) in (?:the|your) (?:messages|prompt)/i.exec(message) ??
    [];
  return window === undefined || prompt === undefined ? null : numberIn(window) - numberIn(prompt);
}

function numberIn(text: string): number {
  return Number(text.replaceAll(",", "")) || 0;
}

/** Whether a refusal is about a limit's name. */
export function refusesName(message: string, blamed: string, name: LimitName): boolean {
  if (blamed !== name && !new RegExp(`\\b${name}\\b`).test(message)) return false;
  return /not support|unsupported|unknown|unrecogni[sz]ed|unexpected|extra|not permitted|instead/i.test(message);
}
