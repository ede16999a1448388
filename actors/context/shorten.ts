// Makes one message smaller where that can be done without changing what was said: results and inputs have a middle
// that can be looked up again; replies of a model are never touched, since their reasoning is signed.
import type { Message } from "../llm/protocol.ts";
import { cutMiddle, type HandleOf } from "./cut.ts";
import { imageTokens, messageTokens, tokensOf } from "./estimate.ts";

/** What cutting needs to know. */
export interface Cutting {
  ratio: number;
  spillDir: string;
  handleOf: HandleOf;
}

/** The message itself when it has at most `limit` tokens or cannot be cut, else a shorter one. */
export function shorten<M extends Message>(message: M, limit: number, cutting: Cutting): M {
  if (message.role === "assistant" || message.role === "notice") return message;
  if (tokensOf(message, cutting.ratio) <= limit) return message;
  if (message.role === "user") return { ...message, text: cutText(message.text, limit, 0, cutting) };
  if (message.role === "command")
    return { ...message, text: cutText(message.text, limit, message.command.length, cutting) };
  const images = message.images ?? [];
  const named = message.callId.length + message.tool.length;
  if (images.length * imageTokens <= limit / 2) {
    return { ...message, text: cutText(message.text, limit - images.length * imageTokens, named, cutting) };
  }
  const { images: _, ...rest } = message;
  const note = `\n[${images.length === 1 ? "An image was" : `${images.length} images were`} left out here.]`;
  return { ...rest, text: cutText(message.text, limit, named + note.length, cutting) + note } as M;
}

function cutText(text: string, limit: number, besides: number, cutting: Cutting): string {
  const chars = Math.floor((limit - messageTokens) * cutting.ratio) - besides;
  return cutMiddle(text, chars, cutting.spillDir, cutting.handleOf);
}
