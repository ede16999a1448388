// The lines that Claude Code keeps of its sessions, as far as viewers of traces read them: one message a line, each
// naming the one before. Ids are made from the session and the place in it, so a second export has the same ones.
import { createHash } from "node:crypto";
import type { ToolCall } from "../../../actors/events.ts";
import type { Entry } from "../../../actors/traces/transcript.ts";
import { safeJson } from "../../text/neutralise.ts";
import type { Format } from "./formats.ts";

/** A UUID of version 5's form, made from a text. */
export function stableUuid(text: string): string {
  const bytes = createHash("sha1").update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function useOf({ id, tool, arguments: args }: ToolCall): object {
  const input = typeof args === "object" && args !== null && !Array.isArray(args) ? args : { _raw: args };
  return { type: "tool_use", id, name: tool, input };
}

/** Type and message of a line; null for what the format has no line for. */
function lineOf(entry: Entry): { type: string; message: object; isMeta?: true } | null {
  switch (entry.kind) {
    case "user":
      return { type: "user", message: { role: "user", content: entry.text } };
    case "notice":
      return { type: "user", message: { role: "user", content: entry.text }, isMeta: true };
    case "assistant": {
      const text = entry.text.trim() === "" ? [] : [{ type: "text", text: entry.text }];
      const content = [...text, ...entry.calls.map(useOf)];
      if (content.length === 0) return null;
      const model = entry.model === null ? {} : { model: entry.model };
      return { type: "assistant", message: { role: "assistant", ...model, content } };
    }
    case "tool": {
      const failed = entry.ok ? {} : { is_error: true };
      const content = [{ type: "tool_result", tool_use_id: entry.callId, content: entry.text, ...failed }];
      return { type: "user", message: { role: "user", content } };
    }
    case "remark":
      return null;
  }
}

export function claudeCode(): Format {
  let sessionId = "";
  let cwd: string | null = null;
  let parentUuid: string | null = null;
  return {
    begin(head) {
      sessionId = head.id;
      cwd = head.cwd;
      return "";
    },
    entry(entry) {
      const line = lineOf(entry);
      if (line === null) return "";
      const uuid = stableUuid(`${sessionId}::${entry.key}`);
      const timestamp = new Date(entry.ts).toISOString();
      const place = cwd === null ? {} : { cwd };
      const whole = { ...line, uuid, parentUuid, sessionId, timestamp, ...place };
      parentUuid = uuid;
      return `${safeJson(whole)}\n`;
    },
    end: () => "",
  };
}
