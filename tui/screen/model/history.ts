// A conversation as the model sees it, as blocks: of a session that is taken up, or of another program's.
import type { Message } from "../../../actors/llm/protocol.ts";
import type { CallBlock, NewBlock } from "./blocks.ts";
import { addBlock, type Draft, openCall, putEnded } from "./draft.ts";
import { cutJson, foldText } from "./fold-text.ts";
import type { At } from "./inputs.ts";
import { emptyLog } from "./log.ts";
import { userTool } from "./on-commands.ts";

/** Characters of one text in the arguments of a call. */
const argumentChars = 16_000;

/** Adds the messages of a conversation, in order. */
export function addHistory(draft: Draft, messages: readonly Message[], at: At): void {
  for (const message of messages) addMessage(draft, message, at);
}

/** Adds one message; the results of calls join the calls. */
export function addMessage(draft: Draft, message: Message, at: At): void {
  switch (message.role) {
    case "user":
      addBlock(draft, { kind: "user", text: message.text, via: "input" }, at);
      return;
    case "notice":
      addBlock(draft, { kind: "note", note: { about: "watcher", reason: "", text: message.text } }, at);
      return;
    case "command": {
      const callId = `${userTool}${at.seq}.${draft.nextBlock}`;
      addBlock(draft, { ...pastCall(callId, userTool, { command: message.command }), title: message.command }, at);
      end(draft, callId, message.text, true, 0, at);
      return;
    }
    case "assistant": {
      const { text, calls, native } = message;
      const model = native?.model ?? draft.choice.model;
      if (text.trim() !== "") {
        addBlock(
          draft,
          { kind: "assistant", text, growth: null, state: "final", gaps: false, finish: null, model },
          at,
        );
      }
      for (const call of calls) addBlock(draft, pastCall(call.id, call.tool, call.arguments), at);
      return;
    }
    case "tool": {
      const { callId, tool, text, ok, images } = message;
      if (openCall(draft, callId) === undefined) addBlock(draft, pastCall(callId, tool, null), at);
      end(draft, callId, text, ok, images?.length ?? 0, at);
    }
  }
}

/** Gives a call its result. */
function end(draft: Draft, callId: string, text: string, ok: boolean, images: number, at: At): void {
  const call = openCall(draft, callId);
  if (call === undefined) return;
  const result: CallBlock["result"] = {
    outcome: ok ? "done" : "failed",
    success: ok,
    durationMs: 0,
    endedAt: at.ts,
    exitCode: null,
    output: foldText(text),
    costUsd: null,
    untrusted: null,
    change: null,
    images,
  };
  putEnded(draft, { ...call, status: "done", result });
}

/** A call of which the conversation keeps no more than what was asked for. */
function pastCall(callId: string, tool: string, args: CallBlock["arguments"]): Extract<NewBlock, { kind: "call" }> {
  return {
    kind: "call",
    callId,
    tool,
    title: tool,
    arguments: cutJson(args, argumentChars),
    touches: [],
    gate: { verdict: "run" },
    status: "lost",
    edited: false,
    attempt: 0,
    startedAt: null,
    progress: emptyLog,
    silentMs: 0,
    preview: null,
    result: null,
  };
}
